"""Every shipped procedure comes true in each of its scenarios, which reach all of it."""

from functools import cache
from pathlib import Path

import pytest

from engine.work import scenarios
from engine.work.scenarios import Report
from processes.bundle import Bundle
from processes.catalogue import folders
from processes.scenario import files

FOLDERS = folders()


@cache
def report(key: str) -> Report:
    return scenarios.run(bundle(key))


def bundle(key: str) -> Bundle:
    return Bundle.read(FOLDERS[key])


PLAYED = [(key, file) for key in FOLDERS for file in files(bundle(key))]
WITH_SCENARIOS = sorted({key for key, _ in PLAYED})


@pytest.mark.parametrize(("key", "file"), PLAYED)
def test_a_scenario_comes_true(key: str, file: str) -> None:
    result = next(found for found in report(key).results if found.file == file)
    assert [f"{fault.place}: {fault.text}" for fault in result.faults] == []


@pytest.mark.parametrize("key", WITH_SCENARIOS)
def test_the_scenarios_take_every_flow(key: str) -> None:
    assert report(key).flows.missing == ()


@pytest.mark.parametrize("key", WITH_SCENARIOS)
def test_the_scenarios_meet_every_rule(key: str) -> None:
    assert report(key).rules.missing == ()


def test_every_procedure_has_scenarios() -> None:
    assert [key for key, folder in FOLDERS.items() if not Path(folder, "scenarios").is_dir()] == []
