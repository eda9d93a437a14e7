"""The operations that a service task may ask for: named, typed, and nothing else.

An operation is *inside* (done at once, in the command's transaction, no input or output but the
database's own) or *outside* (the token waits; a job is written with the state, and the worker's
answer comes back as a command). What each one takes and gives is data, so that deployment can
check a model against it.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

from engine.operations import (
    beginnings,
    calls,
    certificates,
    exchange,
    externals,
    mails,
    messages,
    payments,
    plugins,
    registers,
    requests,
    signals,
    texts,
    webhooks,
)
from engine.operations.operation import Operation, Retry
from engine.operations.signature import Signature

_SHIPPED = (
    Operation(
        "register.take",
        Signature({"register": "string"}),
        Signature(
            {"number": "string", "sequence": "number", "year": "number", "register": "string"}
        ),
        registers.take,
        inside=True,
    ),
    Operation(
        "certificate.issue",
        Signature({"kind": "string"}, open=True),
        Signature({"certificate": "string", "number": "string"}),
        certificates.reserve,
    ),
    Operation(
        "message.send",
        Signature({"message": "string", "key": "Any"}, {"payload": "context"}),
        Signature({"sent": "boolean"}),
        messages.send,
        inside=True,
    ),
    Operation(
        "signal.send",
        Signature({"signal": "string"}, {"payload": "context"}),
        Signature({"sent": "boolean"}),
        signals.send,
        inside=True,
    ),
    Operation(
        beginnings.NAME, beginnings.TAKES, beginnings.GIVES, beginnings.ask,
        errors=frozenset({beginnings.REFUSED}),
    ),
    Operation(
        externals.NAME, externals.TAKES, externals.GIVES, externals.ask,
        shows=True, any_error=True,
    ),
    Operation(
        "http.request", requests.TAKES, requests.GIVES, calls.ask, requests.call,
        shows=True, errors=exchange.ERRORS, missing=exchange.unready,
    ),
    Operation(
        "webhook.call", webhooks.TAKES, webhooks.GIVES, calls.ask, webhooks.call,
        errors=exchange.ERRORS, missing=exchange.unready,
    ),
    Operation(
        "mail.send", mails.TAKES, mails.GIVES, calls.ask, mails.call, idempotent=False,
        retry=Retry(first=60), errors=mails.ERRORS, missing=mails.unready,
    ),
    Operation(
        "sms.send", texts.TAKES, texts.GIVES, calls.ask, texts.call, idempotent=False,
        key_setting="sms_key_header", retry=Retry(first=60), errors=texts.ERRORS,
        missing=texts.unready,
    ),
    Operation(
        payments.NAME, payments.TAKES, payments.GIVES, calls.ask, payments.call,
        retry=Retry(first=300), errors=payments.ERRORS, missing=payments.unready,
    ),
)  # fmt: skip
SHIPPED: Mapping[str, Operation] = {operation.name: operation for operation in _SHIPPED}


class _Registry(Mapping[str, Operation]):
    """What is shipped and what installed packages bring, looked for when it is first asked for.

    Raises EngineError `plugin_refused` where a package brings what cannot be used.
    """

    @cached_property
    def _all(self) -> Mapping[str, Operation]:
        return {**SHIPPED, **plugins.found(SHIPPED)}

    def __getitem__(self, name: str) -> Operation:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


OPERATIONS: Mapping[str, Operation] = _Registry()
