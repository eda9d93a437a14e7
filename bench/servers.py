"""A PostgreSQL server of our own, for the length of the measurements."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for the length of the measurements."""
    with tempfile.TemporaryDirectory(prefix="mouqataa-bench-") as name:
        yield Path(name)


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of an empty database on a server that waits for its disk; None without one."""
    if not _PROGRAMS:
        yield None
        return
    place = Path(tempfile.mkdtemp(prefix="mouqataa-bench-pg-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if os.getuid() == 0:
        shutil.chown(place, "postgres", "postgres")
    data = f"{place}/data"
    try:
        _run("initdb", "-D", data, "-A", "trust", "-U", "mouqataa", "--locale=C.UTF-8")
        options = f"-p {port} -k {place} -c listen_addresses=127.0.0.1"
        _run("pg_ctl", "-D", data, "-w", "-l", f"{place}/log", "-o", options, "start")
        yield f"postgresql://mouqataa@127.0.0.1:{port}/postgres"
    finally:
        _run("pg_ctl", "-D", data, "-m", "immediate", "stop", check=False)
        shutil.rmtree(place, ignore_errors=True)


def _run(program: str, *arguments: str, check: bool = True) -> None:
    command = [str(_PROGRAMS[-1] / program), *arguments]
    if os.getuid() == 0:  # the server refuses to run as root
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
    subprocess.run(command, check=check, cwd="/", stdout=subprocess.DEVNULL)
