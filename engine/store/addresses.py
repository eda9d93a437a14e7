"""The address of a database as people write it, and as SQLAlchemy and the driver want it.

libpq's form names several servers with commas, each with a port of its own:
`postgresql://user@one:5433,two/city`. SQLAlchemy takes them as `?host=one,two&port=5433,5432`, or
as `?host=one:5433&host=two`. All are understood here, and here alone.
"""

import re
from typing import Any

from sqlalchemy.engine import URL, make_url

# scheme://[user[:password]@]hosts[/…]: what stands between the last "@" and the first "/" or "?".
_SEVERAL = re.compile(r"(postgres(?:ql)?[^:]*://(?:[^/?]*@)?)([^@/?]*,[^@/?]*)(.*)", re.DOTALL)
_SERVER = re.compile(r"\[([^\]]+)\](?::(\d+))?|([^:\[\]]+)(?::(\d+))?")
_PORT = "5432"
# Which of several servers is meant, where the address does not say: the one that can be written to.
WRITABLE, STANDBY = "read-write", "prefer-standby"


def parsed(text: str, choice: str = WRITABLE) -> URL:
    """An address; of several servers it takes the one of `choice`, unless it says which itself.

    Raises ValueError, or SQLAlchemy's ArgumentError, where it cannot be read.
    """
    several = _SEVERAL.fullmatch(text)
    url = make_url(several[1] + several[3] if several else text)
    if url.get_backend_name() == "sqlite":
        return url
    if several:
        url = url.update_query_dict(_servers(several[2]))
    hosts = url.query.get("host", "")
    if (not isinstance(hosts, str) or "," in hosts) and "target_session_attrs" not in url.query:
        url = url.update_query_dict({"target_session_attrs": choice})
    return url.set(drivername="postgresql+psycopg")


def _servers(text: str) -> dict[str, str]:
    found = [_SERVER.fullmatch(one) for one in text.split(",")]
    servers = [(one[1] or one[3], one[2] or one[4] or _PORT) for one in found if one]
    if len(servers) != len(found):
        raise ValueError(text)
    hosts, ports = zip(*servers, strict=True)
    return {"host": ",".join(hosts), "port": ",".join(ports)}


def arguments(url: URL) -> dict[str, Any]:
    """What psycopg.connect takes for an address."""
    return dict(url.get_dialect()().create_connect_args(url)[1])
