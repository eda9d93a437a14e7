"""Telling people by mail or text message, outside any transaction.

What was taken and whose worker died before it could say so is sent once more under the same key: a
mail has the same Message-ID, and mail programs show one; a gateway of text messages that takes the
key (`sms_key_header`) sends one.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from engine import i18n
from engine.commands import jobs, sending
from engine.commands.sending import Letter, Line
from engine.engine import Engine
from engine.operations import mails, texts
from engine.operations.operation import Call, Paper, Unanswered
from engine.runtime.errors import BusinessError
from engine.settings import Settings
from engine.transaction import By
from engine.work.calling import PutOff

_SYSTEM = By("system", channel="worker")
_TIMEOUT = 30.0
_CHANNELS: Mapping[str, Any] = {"mail": mails, "sms": texts}
_NO_ADDRESS = frozenset({"mail.address", "sms.number"})
_CASES, _NAME = 3, 60  # how many references a text message names; the longest name in it, in signs

_TEXTS = {
    "task.assigned": "The task “{task}” was given to you.",
    "task.opened": "The task “{task}” waits.",
    "task.due": "The task “{task}” is late.",
    "incident.raised": "Work needs an administrator: incident {incident}.",
    "case.started": "Your request was registered.",
    "case.ended": "The case has ended.",
    "certificate.issued": "A document is ready.",
    "clock.moved": "The official calendar has changed, and with it a date of your case.",
}
STAFF = "Open Mouqataa to act. You choose what you are told of: mouqataa notice preferences"
PERSON = (
    "Ask at the office named, with the reference, also to be told no more. Do not answer this mail."
)
COUNTED, MORE = "{count} notices", "And {count} more."
MESSAGES = (*_TEXTS.values(), STAFF, PERSON, COUNTED, MORE)
"""All that a message can say, for whoever translates it."""


def send(engine: Engine, job: jobs.Job) -> None:
    """Send what a job has to tell; with nothing to say nothing is sent."""
    channel = engine.read(_SYSTEM, sending.channel, job.id, job.lease)
    if channel and (missing := _CHANNELS[channel].unready(engine.settings)):
        reason = f"the settings lack {', '.join(missing)}"
        raised = engine.run(_SYSTEM, sending.put_off, job.id, job.lease, reason)
        raise PutOff(raised)
    letter = engine.run(_SYSTEM, sending.material, job.id, job.lease)
    if letter.lines:
        try:
            _CHANNELS[letter.channel].call(_call(engine.settings, letter, job.id))
        except BusinessError as error:
            if not isinstance(error, mails.NoSuchAddress) and error.code not in _NO_ADDRESS:
                raise ConnectionError(error.message) from error
            engine.run(_SYSTEM, sending.refused, job.id, job.lease)
            return
        except Unanswered as error:
            raise ConnectionError(error.reason) from error
    engine.run(_SYSTEM, sending.sent, job.id, job.lease)


def _call(settings: Settings, letter: Letter, job: int) -> Call:
    inputs = {"to": letter.to, "language": letter.language, **_said(letter)}
    first = letter.lines[0]
    key = sha256(f"notice/{job}/{first.case}/{first.at.isoformat()}".encode()).hexdigest()

    def secret(name: str, host: str) -> str:
        found = settings.secrets().get(name)
        if found is None or host not in found.hosts:
            raise Unanswered(f"the settings hold no secret {name} for {host}")
        return found.value

    return Call(
        inputs, key, letter.now, _TIMEOUT, settings, secret, _no_paper, order=f"notice/{job}",
        since=letter.now, kept={},
    )  # fmt: skip


def _no_paper(key: str) -> Paper:
    raise LookupError(key)


def _said(letter: Letter) -> dict[str, str]:
    if letter.channel == "sms":
        return {"text": shortly(letter)}
    subject, text = written(letter)
    return {"subject": subject, "text": text}


def shortly(letter: Letter) -> str:
    """A text message, in the language of who reads it: one line, however much it tells."""
    lines, language = letter.lines, letter.language
    if (count := len(lines) + letter.more) == 1:
        what = _told(replace(lines[0], task=_cut(lines[0].task)), language)
    else:
        what = i18n.text(COUNTED, language, count=count)
    cases = list(dict.fromkeys(line.case for line in lines if line.case))
    offices = {line.office for line in lines if line.office}
    where = [", ".join(cases[:_CASES])] + [_cut(office) for office in offices if len(offices) == 1]
    return " - ".join(part for part in (what, *where) if part)


def _cut(name: str) -> str:
    """A name short enough for a text message."""
    return name if len(name) <= _NAME else f"{name[: _NAME - 1].rstrip()}…"


def written(letter: Letter) -> tuple[str, str]:
    """Subject and text of a mail, in the language of who reads it."""
    first, language = letter.lines[0], letter.language
    if (count := len(letter.lines) + letter.more) == 1:
        subject = " – ".join(part for part in (_told(first, language), first.case) if part)
    else:
        subject = i18n.text(COUNTED, language, count=count)
    blocks = [_block(line, letter) for line in letter.lines]
    if letter.more:
        blocks.append(i18n.text(MORE, language, count=letter.more))
    blocks.append(i18n.text(PERSON if letter.person else STAFF, language))
    return subject, "\n\n".join(blocks)


def _block(line: Line, letter: Letter) -> str:
    at = line.at.astimezone(ZoneInfo(letter.zone)).strftime("%d/%m/%Y %H:%M")
    where: tuple[Any, ...] = (line.procedure, line.case, line.office, at)
    parts = [str(part) for part in where if part]
    return f"{_told(line, letter.language)}\n{' · '.join(parts)}"


def _told(line: Line, language: str) -> str:
    words = {"task": line.task, "incident": line.incident}
    return i18n.text(_TEXTS[line.topic], language, **words)
