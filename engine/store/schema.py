"""The schema and its way up: alembic without an ini file, on the database that is given."""

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect

from engine.errors import EngineError
from engine.store import partitions
from engine.store.tables import metadata


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """Where a database stands: its revision, the one this program needs, and differences found."""

    current: str | None
    needed: str
    drift: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the program may run on this database."""
        return self.current == self.needed and not self.drift


def _config(connection: Connection | None) -> Any:
    from alembic.config import Config  # a second of import that only upgrades need

    config = Config()
    with as_file(files("migrations")) as folder:
        config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> SchemaStatus:
    """Bring the database up to a revision, by default the one that this program needs."""
    from alembic import command

    with engine.connect() as connection:
        command.upgrade(_config(connection), revision)
        connection.commit()
    return status(engine)


def needed() -> str:
    """The newest revision among the migrations shipped."""
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory.from_config(_config(None)).get_current_head())


def status(engine: Engine, *, drift: bool = False) -> SchemaStatus:
    """Where the database stands; with `drift`, its tables are compared with ours one by one."""
    with engine.connect() as connection:
        current = _revision(connection)
        return SchemaStatus(current, needed(), _drift(connection) if drift and current else ())


def _revision(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    revision = MigrationContext.configure(connection).get_current_revision()
    return str(revision) if revision else None


def _drift(connection: Connection) -> tuple[str, ...]:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    opts = {"compare_type": True, "include_name": _ours}
    context = MigrationContext.configure(connection, opts=opts)
    return tuple(str(difference) for difference in compare_metadata(context, metadata))


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a table is one of ours; the parts of `event` are named by the database."""
    return kind != "table" or not partitions.is_part(name or "")


# The revision that the tables in engine/store/tables.py are; a test compares it with migrations/.
REVISION = "0008"


def require(engine: Engine) -> None:
    """Refuse to work on a database that is not at our revision, with the command that mends it.

    Asked at every start, so it reads one row and leaves alembic alone.
    """
    exists(engine)
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            raise EngineError("database_missing", url=engine.url.render_as_string())
        query = "SELECT version_num FROM alembic_version"
        current = connection.exec_driver_sql(query).scalar() or ""
    if current < REVISION:
        raise EngineError("schema_outdated", current=current or "none", needed=REVISION)
    if current > REVISION:
        raise EngineError("schema_newer", current=current, needed=REVISION)


def exists(engine: Engine) -> None:
    """Refuse an SQLite file that is not there: connecting would make an empty one where somebody
    mistyped a path."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        raise EngineError("database_missing", url=engine.url.render_as_string())
