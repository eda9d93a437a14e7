"""A simulated week of a district office: no invariant is broken, and a seed is a history.

Three seeds; MOUQATAA_SEEDS says another number. What fails says how to repeat it.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.settings import load
from engine.store import tables as t
from engine.store.store import Store
from engine.transaction import Transaction
from tests.reliability.district import founded
from tests.reliability.simulation import Broken, played

SEEDS = int(os.environ.get("MOUQATAA_SEEDS", "3"))
ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return founded(load(environ={"MOUQATAA_DATA": str(tmp_path_factory.mktemp("district"))}))


def test_weeks_of_faults_break_no_invariant(template: Path) -> None:
    whole = Counter[str]()
    for seed in range(SEEDS):
        whole += played(seed, template)[1]
    for what in ("fault", "answer lost", "death", "late worker", "job put off", "incident retried",
                 "nobody_waits", "already_completed"):  # fmt: skip
        assert whole[what] > 0, f"a week without {what} proves little"
    assert whole["done"] > 100 * SEEDS
    assert whole["job done"] > 40 * SEEDS


def test_a_seed_gives_the_same_history_in_every_process() -> None:
    said = set()
    for order in ("1", "2"):  # of what has no order of its own
        done = subprocess.run(
            [sys.executable, "-m", "tests.reliability.simulation", "--seed", "5", "--days", "2"],
            env={**os.environ, "PYTHONHASHSEED": order}, cwd=ROOT, check=True, text=True,
            capture_output=True,
        )  # fmt: skip
        said.add(done.stdout.splitlines()[0])
    assert len(said) == 1
    assert len(said.pop()) == len("seed 5: ") + 64


def _unfenced(tx: Transaction, key: int, lease: int, **values: Any) -> Any:
    """Finish a job whoever holds it, as an engine without fences would."""
    row = tx.store.get(t.job, id=key)
    tx.store.change(t.job, key, **values)
    return row


def _deaf(original: Callable[..., Any], table: Any, every: int) -> Callable[..., Any]:
    """An engine that writes no row of this table each so many times."""
    count = 0

    def add(store: Any, into: Any, **values: Any) -> Any:
        nonlocal count
        count += into is table
        return None if into is table and count % every == 0 else original(store, into, **values)

    return add


def _weeks(template: Path, seeds: int = 5) -> None:
    for seed in range(seeds):
        played(seed, template)


def test_an_engine_without_fences_is_found_out(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Transaction, "settle_job", _unfenced)
    with pytest.raises(Broken, match="--seed"):
        _weeks(template)


def test_an_engine_that_loses_a_job_is_found_out(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "add", _deaf(Store.add, t.job, every=20))
    with pytest.raises(Broken, match=r"silent_stop|row_missing"):
        _weeks(template)


def test_an_engine_that_forgets_its_keys_is_found_out(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "add", _deaf(Store.add, t.answer, every=1))
    with pytest.raises(Broken, match=r"done more than once: \['k"):
        _weeks(template)
