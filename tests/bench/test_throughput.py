"""Several processes do all that they are given, and their figures are there."""

import pytest

from bench import throughput
from tests.conftest import POSTGRESQL


@pytest.mark.slow
def test_all_is_done_once_by_every_number_of_processes() -> None:
    found = throughput.figures(rounds=1, jobs=6, cases_=1)
    databases = ["sqlite", *(["postgresql"] if POSTGRESQL else [])]
    for name in databases:
        for many in throughput.WORKERS:
            assert found[f"timers_per_s_{name}_{many}"] > 0
            assert found[f"calls_per_s_{name}_{many}"] > 0
        assert found[f"commands_gain_{name}"] > 0
