"""Three PostgreSQL servers under Patroni on this machine, synchronous, kept by one etcd.

Patroni and etcd are not among what the tests install: `PATRONI` is None where they are not here.
MOUQATAA_PATRONI names the program where it is not on the path; the account that PostgreSQL runs
under must be able to read it.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.conftest import POSTGRESQL

PATRONI = shutil.which(os.environ.get("MOUQATAA_PATRONI", "patroni"))
ETCD = shutil.which("etcd")
NODES = (1, 2, 3)
PATIENCE = 120.0  # seconds
# Patroni allows no shorter life of the leader's key.
_TTL = 20
_NODE = """
scope: mouqataa
name: n{number}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
etcd3: {{host: "127.0.0.1:{etcd}"}}
bootstrap:
  dcs:
    {{ttl: {ttl}, loop_wait: 2, retry_timeout: 5, maximum_lag_on_failover: 1048576,
     synchronous_mode: true, postgresql: {{use_pg_rewind: true, parameters: {{max_connections: 100,
     wal_level: replica, hot_standby: "on", max_wal_senders: 10, wal_log_hints: "on"}}}}}}
  initdb: [{{encoding: UTF8}}, {{locale: C.UTF-8}}, data-checksums]
postgresql:
  listen: 127.0.0.1:{port}
  connect_address: 127.0.0.1:{port}
  data_dir: {folder}/data{number}
  bin_dir: {programs}
  pgpass: {folder}/pgpass{number}
  authentication:
    replication: {{username: repl, password: r}}
    superuser: {{username: mouqataa, password: s}}
    rewind: {{username: rewinder, password: w}}
  parameters: {{unix_socket_directories: "{folder}", shared_buffers: 64MB}}
  pg_hba: ["local all all trust", "host all all 127.0.0.1/32 trust",
           "host replication all 127.0.0.1/32 trust"]
"""


@dataclass
class Cluster:
    """The servers by their numbers, each with its Patroni."""

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """All servers in one address: whoever takes it finds the one that can be written to."""
        servers = ",".join(f"127.0.0.1:{self.ports[f'n{n}']}" for n in NODES)
        return f"postgresql://mouqataa@{servers}/city"

    def start(self) -> None:
        """Begin everything; returns when two servers follow the first one."""
        self.folder.chmod(0o755)
        _owned(self.folder)
        names = ["etcd", "peer", *(f"{kind}{n}" for n in NODES for kind in ("n", "rest"))]
        self.ports = dict(zip(names, _free(len(names)), strict=True))
        self._run("etcd", str(ETCD), *self._etcd())
        for number in NODES:
            self.begin(number)
        until(self.whole, "the cluster did not form")
        with psycopg.connect(self.address.replace("/city", "/postgres"), autocommit=True,
                             target_session_attrs="read-write") as connection:  # fmt: skip
            connection.execute("CREATE DATABASE city")

    def _etcd(self) -> list[str]:
        client, peer = (f"http://127.0.0.1:{self.ports[name]}" for name in ("etcd", "peer"))
        return [
            "--data-dir", f"{self.folder}/etcd", "--listen-client-urls", client,
            "--advertise-client-urls", client, "--listen-peer-urls", peer,
            "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}",
        ]  # fmt: skip

    def begin(self, number: int) -> None:
        """Begin a server, or begin it again after it was killed."""
        file = self.folder / f"n{number}.yml"
        file.write_text(_NODE.format(
            number=number, rest=self.ports[f"rest{number}"], etcd=self.ports["etcd"], ttl=_TTL,
            port=self.ports[f"n{number}"], folder=self.folder, programs=POSTGRESQL[-1],
        ))  # fmt: skip
        _owned(file)
        self._run(f"n{number}", str(PATRONI), str(file))

    def _run(self, name: str, *command: str) -> None:
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            # `env` as the other account: setpriv alone would run what that account may not.
            command = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "env",
                       "-i", f"PATH={os.environ['PATH']}", f"HOME={self.folder}", "LANG=C.UTF-8",
                       *command)  # fmt: skip
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, stdout=log, stderr=log, cwd="/", start_new_session=True
            )

    def kill(self, number: int) -> None:
        """SIGKILL to a server and to the Patroni beside it, which could begin it again."""
        patroni = self.running.pop(f"n{number}")
        pid = int((self.folder / f"data{number}" / "postmaster.pid").read_text().split()[0])
        os.kill(patroni.pid, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        patroni.wait()

    def leader(self) -> int | None:
        """The server that can be written to, as the Patronis that run say."""
        for number in NODES:
            if self._asked(number, "patroni").get("role") in ("primary", "master"):
                return number
        return None

    def whole(self) -> bool:
        """Whether all follow one leader, and one of them so that no commit can be lost."""
        leader = self.leader()
        members = self._asked(leader, "cluster").get("members", []) if leader else []
        states = sorted((member["role"], member["state"]) for member in members)
        return states == [("leader", "running"), ("replica", "streaming"),
                          ("sync_standby", "streaming")]  # fmt: skip

    def _asked(self, number: int, path: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.ports[f'rest{number}']}/{path}"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except (OSError, ValueError):
            return {}

    def stop(self) -> None:
        """End everything, the servers with their Patronis."""
        for name in (*(f"n{n}" for n in NODES), "etcd"):
            if (process := self.running.pop(name, None)) is not None:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        for number in NODES:  # what a killed Patroni left
            with suppress(OSError, ValueError, IndexError):
                file = self.folder / f"data{number}" / "postmaster.pid"
                os.kill(int(file.read_text().split()[0]), signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)


def made() -> Cluster:
    """A cluster in a folder of its own, not begun yet."""
    return Cluster(Path(tempfile.mkdtemp(prefix="mouqataa-ha-")))


def _owned(path: Path) -> None:
    if os.getuid() == 0:
        shutil.chown(path, "postgres", "postgres")


def _free(many: int) -> list[int]:
    sockets = [socket.socket() for _ in range(many)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def until(true: Callable[[], bool], otherwise: str, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, otherwise
        time.sleep(0.2)
