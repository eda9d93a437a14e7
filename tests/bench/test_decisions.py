"""Decisions are compared honestly, without what is not there, and ours are fast enough.

The ceilings are three times what the issue asks, for slow machines: what a figure is on a good one
stands in docs/reference/bench.md. The best of some rounds counts, so a busy machine does not fail.
"""

import json
import shutil
import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bench import decisions, peers, rules
from bench.timing import Round

SLACK = 3
GATEWAY, COMPILE = 3e-6 * SLACK, 20e-3 * SLACK
TABLE = 25e-6 * SLACK
EVALUATOR = """
export const date = (text) => ({ day: text });
export const evaluate = (text, context) => {
  if (text === 'fail') throw new Error('no such word');
  return { value: text === 'day' ? context.deposited.day : context.amount, warnings: [] };
};
export const parseExpression = (text) => ({ length: text.length });
"""

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="no node here")


@cache
def best() -> dict[tuple[str, str], float]:
    """The least CPU seconds of every figure of ours, in five rounds."""
    rounds = decisions.Ours().rounds()
    return {key: min(once() for _ in range(5)) for key, once in rounds.items()}


@pytest.mark.parametrize("name", [condition.name for condition in rules.CONDITIONS])
def test_a_gateways_condition_takes_microseconds(name: str) -> None:
    assert best()["evaluate", name] <= GATEWAY


def test_a_table_of_twelve_rules_takes_microseconds() -> None:
    assert best()["evaluate", "table"] <= TABLE


def test_two_thousand_characters_are_compiled_in_milliseconds() -> None:
    assert 1950 <= len(rules.LONG.feel) <= 2050
    assert best()["compile", "long"] <= COMPILE


def test_nothing_is_kept_between_cold_rounds() -> None:
    assert best()["cold", "amount"] > 5 * best()["evaluate", "amount"]
    assert best()["read", "table"] > 5 * best()["evaluate", "table"]


def test_the_values_compared_tell_right_from_wrong() -> None:
    answers = decisions.Ours().answers()
    for condition in rules.CONDITIONS:
        assert answers[condition.name][0] is True
        assert False in answers[condition.name]
    assert answers["table"][0] == 11
    assert set(answers["table"]) == set(range(12))


def test_the_page_of_figures_shows_every_condition() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "bench.md").read_text("utf-8")
    assert all(f"| `{c.name}` | `{c.feel}` |" in page for c in rules.CONDITIONS)
    assert f"{len(rules.LONG.feel):,} characters" in page
    assert f"feelin {peers.FEELIN}" in page


class Peer:
    """One that errs about ages."""

    name = "peer"

    def answers(self) -> dict[str, list[Any]]:
        found = decisions.Ours().answers()
        return {"amount": found["amount"], "age": [True, None, True]}

    def rounds(self) -> dict[tuple[str, str], Round]:
        return {("cold", name): lambda: 1.0 for name in ("amount", "age")}


def test_what_a_peer_answers_otherwise_is_told_and_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = decisions.side_by_side(decisions.Ours(), [Peer()])
    assert "cpu_us_cold_amount_peer" in found
    assert "cpu_us_cold_age_peer" not in found
    assert "cpu_us_cold_age_mouqataa" in found
    assert capsys.readouterr().out.startswith("left out: age by peer, because it answers [True, N")


def test_without_node_and_zen_ours_are_measured_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(peers, "_FOLDER", tmp_path / "feelin")
    monkeypatch.setitem(sys.modules, "zen", None)
    found = decisions.figures(rounds=1)
    assert {name.rpartition("_")[2] for name in found} == {"mouqataa"}
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(", because")[0] for line in told] == [
        "left out: feelin", "left out: zen-engine",
    ]  # fmt: skip


def test_zen_answers_as_we_do() -> None:
    pytest.importorskip("zen", reason="zen-engine is not installed")
    peer = peers.Zen()
    assert peer.answers() == decisions.Ours().answers()
    assert set(peer.rounds()) == set(decisions.Ours().rounds())
    assert all(once() > 0 for once in peer.rounds().values())


@needs_node
def test_the_process_of_node_evaluates_and_tells_its_time(tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "feelin"
    package.mkdir(parents=True)
    (package / "index.js").write_text(EVALUATOR, encoding="utf-8")
    described = {"name": "feelin", "type": "module", "exports": "./index.js"}
    (package / "package.json").write_text(json.dumps(described), encoding="utf-8")
    with ExitStack() as stack:
        feelin = peers.Feelin(stack, peers.installed(tmp_path))
        context = rules.CONTEXTS[0]
        assert feelin.asked("evaluate", "day", context)["value"] == "2026-03-02"
        assert feelin.asked("evaluate", "amount", context)["value"] == 1500
        assert "no such word" in feelin.asked("evaluate", "fail", context)["value"]
        assert feelin.asked("parse", "1 + 1", context, 10)["value"] == 5
        assert set(feelin.answers()) == {condition.name for condition in rules.EVERY}
        assert all(once() > 0 for once in feelin.rounds().values())


@needs_node
def test_a_node_without_the_package_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(peers, "installed", lambda folder: tmp_path)
    with ExitStack() as stack:
        assert [peer.name for peer in peers.found(stack) if peer.name == "feelin"] == []
    assert "left out: feelin" in capfd.readouterr().out
