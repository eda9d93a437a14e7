"""Whom operations may speak to: hosts that the settings name, at addresses that are nobody's own.

A name is checked where it is written, an address where it is connected to: a name that the settings
allow and that suddenly points into the house (to a database, to the machine's own services) is
refused at the connection itself.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from engine.operations.operation import Unanswered
from engine.settings import Settings

_TRIED = 4  # addresses of one name
_NAT64 = IPv6Network("64:ff9b::/96")


def listed(host: str, port: int, usual: int, entries: tuple[str, ...]) -> bool:
    """Whether a list of the settings names this host and port.

    An entry is `host` (at the usual port), `host:port`, or either beginning with `*.`: any name
    below.
    """
    return any(_named(host, port, usual, entry) for entry in entries)


def _named(host: str, port: int, usual: int, entry: str) -> bool:
    try:
        parts = urlsplit(f"//{entry}")
        name, at = (parts.hostname or "").rstrip("."), parts.port or usual
    except ValueError:
        return False
    below = name.startswith("*.") and host.endswith(name[1:])
    return at == port and (below or name == host)


def connected(
    settings: Settings, host: str, port: int, usual: int, timeout: float
) -> socket.socket:
    """A connection to a host that the settings allow; raises Unanswered."""
    private = listed(host, port, usual, settings.private_hosts)
    if not private and not listed(host, port, usual, settings.service_hosts):
        raise Unanswered(f"{host}:{port} is not among service_hosts", hopeless=True)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unanswered(f"the name {host} is not found: {type(error).__name__}") from error
    reached = [row for row in found if private or public(str(row[4][0]))]
    if not reached:
        raise Unanswered(
            f"{host} lies at a private address and is not among private_hosts", hopeless=True
        )
    return _first(host, reached, timeout)


def _first(host: str, reached: Sequence[tuple[Any, ...]], timeout: float) -> socket.socket:
    fault, tried = "", reached[:_TRIED]
    for family, kind, protocol, _, address in tried:
        sock = socket.socket(family, kind, protocol)
        sock.settimeout(timeout / len(tried))
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            fault = type(error).__name__
        else:
            sock.settimeout(timeout)
            return sock
    raise Unanswered(f"{host} cannot be reached: {fault}")


def public(text: str) -> bool:
    """Whether an address belongs to the open Internet, also where it holds another inside."""
    address = ip_address(text)
    inner = _inside(address) if isinstance(address, IPv6Address) else None
    if inner is not None:
        return public(str(inner))
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for, if it stands for one."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo
