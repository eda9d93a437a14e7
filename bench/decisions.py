"""Decisions side by side: ours, npm `feelin` (FEEL in JavaScript), PyPI `zen-engine` (Rust).

A figure is `cpu_us_` + what is done + on what + by whom, in CPU microseconds:

evaluate  what was compiled before is evaluated
cold      the text is parsed and evaluated, with nothing kept from before
compile   the text is parsed and compiled, as far as whoever it is compiles
read      the table is read from its file and answers for the first time
"""

from collections.abc import Iterable
from contextlib import ExitStack
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from bench import peers, rules
from bench.timing import Round, interleaved, repeated
from decisions import dmn, expressions

MICROSECONDS = 1_000_000

Rounds = dict[tuple[str, str], Round]
"""What is done, on what: a round of it."""


class Way(Protocol):
    """One evaluator; `answers` has a list for every condition and table that it knows."""

    name: str

    def answers(self) -> dict[str, list[Any]]:
        """By name of the condition or table: the value in every context, an error as its text."""
        ...

    def rounds(self) -> Rounds:
        """Everything it can be measured by."""
        ...


class Ours:
    """This program's own."""

    name = "mouqataa"

    def __init__(self) -> None:
        self._rows = [_typed(row) for row in rules.ROWS]
        self._model = rules.dmn()

    def answers(self) -> dict[str, list[Any]]:
        """What the others have to answer too."""
        found: dict[str, list[Any]] = {
            condition.name: [
                expressions.compile(condition.feel).evaluate(_typed(context))
                for context in condition.contexts()
            ]
            for condition in rules.EVERY
        }
        table = self._table()
        found["table"] = [int(table.evaluate(row).value) for row in self._rows]
        return found

    def rounds(self) -> Rounds:
        """Evaluation alone, and everything from the text."""
        found: Rounds = {}
        for condition in rules.CONDITIONS:
            text, context = condition.feel, _typed(condition.contexts()[0])
            made = expressions.compile(text)
            found["evaluate", condition.name] = repeated(partial(made.evaluate, context), 2000)
            found["cold", condition.name] = repeated(partial(_cold, text, context), 30)
        found["compile", "long"] = repeated(partial(_compiled, rules.LONG.feel), 3)
        table, row = self._table(), self._rows[0]
        found["evaluate", "table"] = repeated(partial(table.evaluate, row), 200)
        found["read", "table"] = repeated(lambda: self._table().evaluate(row), 3)
        return found

    def _table(self) -> dmn.Decision:
        _forget()
        return dmn.read(self._model).by_name["table"]


def _typed(value: Any) -> Any:
    """A value of JSON as FEEL has it."""
    if isinstance(value, dict):
        return {key: _typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_typed(inner) for inner in value]
    return Decimal(value) if isinstance(value, int) else value


def _compiled(text: str) -> expressions.Expression:
    _forget()
    return expressions.compile(text)


def _cold(text: str, context: dict[str, Any]) -> Any:
    return _compiled(text).evaluate(context)


def _forget() -> None:
    """Empty the caches, which would answer the second time."""
    expressions._compile.cache_clear()
    expressions._compile_unary.cache_clear()


def figures(rounds: int) -> dict[str, float]:
    """Every figure that can be had here; says what is left out, and why."""
    with ExitStack() as stack:
        return interleaved(side_by_side(Ours(), peers.found(stack)), rounds, MICROSECONDS)


def side_by_side(ours: Way, others: Iterable[Way]) -> dict[str, Round]:
    """The rounds of all; without those of a peer where it does not answer as we do."""
    found = _named(ours, ours.rounds())
    expected = ours.answers()
    for peer in others:
        answers = peer.answers()
        wrong = {name for name in answers if answers[name] != expected[name]}
        for name in sorted(wrong):
            print(
                f"left out: {name} by {peer.name}, because it answers {answers[name]}"
                f" where we answer {expected[name]}"
            )
        kept = {key: once for key, once in peer.rounds().items() if key[1] not in wrong}
        found |= _named(peer, kept)
    return found


def _named(way: Way, rounds: Rounds) -> dict[str, Round]:
    return {f"cpu_us_{what}_{on}_{way.name}": once for (what, on), once in rounds.items()}
