"""What the tests of outside operations share: a certificate, servers, a call to make."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.operations.operation import Call, Paper
from engine.settings import load
from tests.engine.operations import servers
from tests.engine.operations.servers import Certificate, Web

Make = Callable[..., Call]
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return servers.certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def web() -> Iterator[Web]:
    with servers.web() as told:
        yield told


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A function that makes a call with these inputs and settings (`service_hosts="…"`)."""

    def make(
        inputs: Mapping[str, Any],
        timeout: float = 5,
        papers: Any = None,
        kept: Any = None,
        **given: str,
    ) -> Call:
        around = {f"MOUQATAA_{name.upper()}": value for name, value in given.items()}
        settings = load(environ={"MOUQATAA_DATA": str(tmp_path), **around})
        held: Mapping[str, Paper] = papers or {}

        def secret(name: str, host: str) -> str:
            return f"{name} for {host}"

        return Call(
            inputs, "k" * 64, AT, timeout, settings, secret, lambda key: held[key],
            "TST-MAR-2026-000001/3", AT, kept or {},
        )  # fmt: skip

    return make
