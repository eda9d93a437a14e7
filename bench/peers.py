"""The others: npm `feelin` in a process of node, PyPI `zen-engine` in this process."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from bench import rules
from bench.timing import Round, repeated

FEELIN = "8.2.0"
WARM_UP = 20
"""Rounds before the first that is looked at: node compiles what it has run often."""

_FOLDER = Path(sys.prefix) / "bench" / f"feelin-{FEELIN}"
_NPM = [
    "npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts",
    "--engine-strict", "--fetch-retries=0",
]  # fmt: skip


def found(stack: ExitStack) -> Iterator["Feelin | Zen"]:
    """Those that are here; says which are not."""
    try:
        yield Feelin(stack, installed(_FOLDER))
    except (OSError, subprocess.SubprocessError, json.JSONDecodeError) as error:
        print(f"left out: feelin, because node or npm does not bring it here ({error})")
    try:
        yield Zen()
    except ImportError:
        print("left out: zen-engine, because it is not installed")


def installed(folder: Path) -> Path:
    """A folder below the environment with feelin in it, brought by npm the first time."""
    if not (folder / "node_modules" / "feelin").is_dir():
        subprocess.run(
            [*_NPM, "--prefix", str(folder), f"feelin@{FEELIN}"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip
    return folder


class Feelin:
    """FEEL in JavaScript: it keeps nothing compiled, each evaluation parses the text again."""

    name = "feelin"

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        program = str(Path(__file__).with_name("feelin.mjs"))
        self._node = stack.enter_context(
            subprocess.Popen(
                ["node", program, str(folder)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
        self.asked("evaluate", "1", {})

    def answers(self) -> dict[str, list[Any]]:
        """Of every condition; it has no decision tables."""
        return {
            condition.name: [
                self.asked("evaluate", condition.feel, context)["value"]
                for context in condition.contexts()
            ]
            for condition in rules.EVERY
        }

    def rounds(self) -> dict[tuple[str, str], Round]:
        """Parse and evaluate; of the long text parse alone, which makes a tree and no more."""
        return {
            **{("cold", c.name): self._round("evaluate", c, 50) for c in rules.CONDITIONS},
            ("compile", "long"): self._round("parse", rules.LONG, 5),
        }

    def _round(self, what: str, condition: rules.Condition, times: int) -> Round:
        text, context = condition.feel, condition.contexts()[0]
        self.asked(what, text, context, times * WARM_UP)
        return lambda: float(self.asked(what, text, context, times)["seconds"])

    def asked(
        self, what: str, text: str, context: dict[str, Any], times: int = 1
    ) -> dict[str, Any]:
        """The last value of so many runs, an error as its text; CPU seconds of a run."""
        job = {"what": what, "text": text, "context": context, "times": times}
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        print(json.dumps(job, default=_marked), file=self._node.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._node.stdout.readline())
        return answer


def _marked(day: date) -> dict[str, str]:
    return {"date": day.isoformat()}


class Zen:
    """GoRules' engine: its own language and table format, contexts as dicts of JSON values."""

    name = "zen"

    def __init__(self) -> None:
        import zen

        self._zen = zen
        self._model = rules.jdm()

    def answers(self) -> dict[str, list[Any]]:
        """Of every condition and of the table."""
        found = {
            condition.name: [
                _told(partial(self._zen.evaluate_expression, condition.zen, _plain(context)))
                for context in condition.contexts()
            ]
            for condition in rules.EVERY
        }
        table = self._table()
        found["table"] = [_told(partial(_rule, table, row)) for row in rules.ROWS]
        return found

    def rounds(self) -> dict[tuple[str, str], Round]:
        """The same as ours."""
        found: dict[tuple[str, str], Round] = {}
        for condition in rules.CONDITIONS:
            text, context = condition.zen, _plain(condition.contexts()[0])
            made = self._zen.compile_expression(text)
            found["evaluate", condition.name] = repeated(partial(made.evaluate, context), 2000)
            cold = partial(self._zen.evaluate_expression, text, context)
            found["cold", condition.name] = repeated(cold, 500)
        compiled = partial(self._zen.compile_expression, rules.LONG.zen)
        found["compile", "long"] = repeated(compiled, 50)
        table, row = self._table(), rules.ROWS[0]
        found["evaluate", "table"] = repeated(partial(table.evaluate, "table", row), 500)
        found["read", "table"] = repeated(lambda: self._table().evaluate("table", row), 50)
        return found

    def _table(self) -> Any:
        """An engine that compiles the table once; `create_decision` would at each evaluation."""
        content = {"table": json.loads(self._model)}
        return self._zen.ZenEngine({"loader": {"type": "static", "content": content}})


def _plain(context: dict[str, Any]) -> Any:
    """With dates as strings: it takes no others."""
    return json.loads(json.dumps(context, default=str))


def _rule(table: Any, row: dict[str, Any]) -> Any:
    return table.evaluate("table", row)["result"]["rule"]


def _told(asked: Callable[[], Any]) -> Any:
    """The answer, or the first line of the error, which nothing equals."""
    try:
        return asked()
    except (RuntimeError, KeyError) as error:
        return str(error).partition("\n")[0]
