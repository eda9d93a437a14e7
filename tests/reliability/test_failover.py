"""One failover of three servers under load; `python -m tests.reliability.failover` does ten."""

from pathlib import Path

import pytest

from tests.reliability.cluster import ETCD, PATRONI
from tests.reliability.failover import run


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(PATRONI is None or ETCD is None, reason="no Patroni and etcd here")
def test_a_leader_that_is_killed_loses_nothing_and_comes_back(tmp_path: Path) -> None:
    [seconds] = run(1, tmp_path)
    assert 0 < seconds < 90
