"""What must be true of a database at every moment, whatever was killed or failed before it.

Each function names what is broken, and nothing where all is well.
"""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from engine.commands import cases
from engine.engine import Engine
from engine.runtime import execution
from engine.store import tables as t
from engine.store.store import Store
from engine.work.worker import SYSTEM

# In which table a wait of each kind has its row, and in which states the row stands for it.
_TABLES = {
    "task": (t.task, ("open",)), "message": (t.subscription, None), "clock": (t.clock_wait, None),
    "signal": (t.subscription, None), "condition": (t.subscription, None),
    "offer": (t.subscription, None),
}  # fmt: skip
_JOBS = (t.job, ("due", "incident"))
# The same in a case that is suspended.
_RESTING = (
    (t.task, ("suspended",)), (t.subscription, None), (t.clock_wait, None),
    (t.job, ("held", "incident")),
)  # fmt: skip


def broken(engine: Engine, references: list[str] | None = None) -> list[str]:
    """All of them, for these cases or for every one."""
    with engine._database.connect() as connection:
        rows = connection.execute(select(t.case)).all()
    found = [row for row in rows if references is None or row.reference in references]
    wrong = [f"{row.reference}: {what}" for row in found for what in _case(engine, row)]
    return wrong + list(_registers(engine)) + list(_references(engine))


def _case(engine: Engine, row: object) -> Iterator[str]:
    yield from engine.read(SYSTEM, cases.replay, row.reference).differences
    with engine._database.connect() as connection:
        version = engine._version(Store(connection), row.version_id)
        waits = execution.look(version.model, row.state).waits
        expected = {(_table(wait.kind)[0].name, wait.token) for wait in waits}
        stored = set()
        rests = row.status == "suspended"
        for table, states in _RESTING if rests else (*_TABLES.values(), _JOBS):
            query = select(table.c.token).where(
                table.c.case_id == row.id, table.c.token.is_not(None)
            )
            query = query.where(table.c.status.in_(states)) if states else query
            stored |= {(table.name, token) for token in connection.execute(query).scalars()}
        goes_on = row.status in ("open", "suspended")
        if goes_on and stored != expected:
            yield f"its rows wait for {sorted(stored)}, its state for {sorted(expected)}"
        if goes_on and not expected:
            yield "it waits for nothing"
        if not goes_on and stored:
            yield f"it has ended, and its rows wait for {sorted(stored)}"
        asleep = (t.job.c.case_id == row.id) & (t.job.c.status == "held")
        if not rests and connection.execute(select(t.job.c.id).where(asleep)).first():
            yield "work rests, and the case does not"


def _table(kind: str) -> tuple[object, tuple[str, ...] | None]:
    return _TABLES.get(kind, _JOBS)


def _registers(engine: Engine) -> Iterator[str]:
    given: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    with engine._database.connect() as connection:
        for row in connection.execute(select(t.register_entry)):
            given[row.register, row.office_id, row.year].append(row.number)
        for row in connection.execute(select(t.register)):
            key = (row.register, row.office_id, row.year)
            whole = list(range(1, row.last + 1))
            if not row.register.startswith("case:") and sorted(given[key]) != whole:
                yield f"register {key}: {sorted(given[key])} of {row.last}"


def _references(engine: Engine) -> Iterator[str]:
    with engine._database.connect() as connection:
        found = connection.execute(select(t.case.c.reference)).scalars().all()
        last = {
            (row.register.removeprefix("case:"), row.year): row.last
            for row in connection.execute(select(t.register))
            if row.register.startswith("case:")
        }
    numbers: dict[tuple[str, int], list[int]] = defaultdict(list)
    for reference in found:
        code, _, year, number = reference.split("-")
        numbers[code, int(year)].append(int(number))
    for series, given in numbers.items():
        if sorted(given) != list(range(1, last[series] + 1)):
            yield f"a gap among the references of {series}"
