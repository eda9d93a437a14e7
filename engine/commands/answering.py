"""Answers to a form, cleaned: checked against the lists that the engine knows, sums computed."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from functools import partial as bound
from typing import Any

from decisions import expressions
from decisions.errors import DecisionError
from decisions.expressions import Expression
from engine.runtime.errors import ModelError
from engine.store import tables as t
from engine.transaction import Transaction
from forms.errors import FieldError, FormInvalid
from forms.form import Form


def clean(
    tx: Transaction, form: Form, values: Mapping[str, Any], *, partial: bool = False
) -> dict[str, Any]:
    """The clean answers; raises FormInvalid. `partial` misses nothing and computes nothing."""
    return form.validate(
        values, today=tx.today, partial=partial,
        evaluate=None if partial else bound(_computed, tx),
        choices={name: LISTS[name](tx) for name in set(form.sources.values())},
    )  # fmt: skip


def one(tx: Transaction, form: Form, name: str, value: Any) -> dict[str, Any]:
    """One clean answer by its name; none where it is empty, which only a required one may not be.

    Raises FormInvalid, also where the form asks for it only beside other answers.
    """
    found = clean(tx, form, {name: value}, partial=True)
    empty = value is None or value == ""
    if name not in found and (not empty or name in form.document.get("required", ())):
        raise FormInvalid((FieldError(f"/{name}", "required"),))
    return found


def _computed(tx: Transaction, text: str, answers: Mapping[str, Any]) -> Any:
    """The value of `x-compute`, from the other answers and the day."""
    context = {**answers, "now": tx.now, "today": tx.today}
    try:
        return _compiled(text).evaluate(context, calendar=tx.calendar)
    except DecisionError as error:
        raise ModelError("", f"{text}: {error.message}") from error


@lru_cache(maxsize=1_000)
def _compiled(text: str) -> Expression:
    return expressions.compile(text)


def _offices(tx: Transaction) -> Mapping[str, tuple[str, str]]:
    """The offices by their short names, each with its name in French and in Arabic."""
    return {row.short: (row.name_fr, row.name_ar) for row in tx.store.all(t.office)}


# `x-source` of a form -> what may be chosen, with its names.
LISTS: Mapping[str, Callable[[Transaction], Mapping[str, tuple[str, str]]]] = {"offices": _offices}
