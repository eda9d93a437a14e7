"""Who may do what: one table from commands to roles.

`Engine.run` and `Engine.read` look here before anything else. A rule names the house roles that
may run a command anywhere they hold them; STAFF stands for every role that a procedure brought (a
lane). Where the answer depends on the case (whose role, which office, whose task) the command
itself asks the actor, with the same vocabulary.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ADMINISTRATOR = "administrator"
AUDITOR = "auditor"
EXTERNAL = "external_worker"
SYSTEM = "system"
STAFF = "staff"
# What no procedure may call a role of its own.
HOUSE = frozenset({STAFF, ADMINISTRATOR, AUDITOR, EXTERNAL, SYSTEM})

_EVERYONE = HOUSE - {EXTERNAL}
_WORK = frozenset({STAFF, SYSTEM})
_RULE = frozenset({ADMINISTRATOR, SYSTEM})
_CARE = _WORK | _RULE
_OUTSIDE = frozenset({EXTERNAL, SYSTEM})
_OF_THE_HOUSE = frozenset({ADMINISTRATOR, AUDITOR, EXTERNAL})

RULES: Mapping[str, frozenset[str]] = {
    "procedures.deploy": _RULE,
    "procedures.withdraw": _RULE,
    "procedures.listing": _EVERYONE,
    "procedures.show": _EVERYONE,
    "procedures.export": _EVERYONE,
    "wording.procedure": _EVERYONE,
    "wording.task": _WORK,
    "views.case": _EVERYONE,
    "views.worklist": _WORK,
    "cases.start": _WORK,
    "cases.show": _EVERYONE,
    "cases.listing": _EVERYONE,
    "cases.search": _EVERYONE,
    "cases.cancel": _CARE,
    "cases.note": _WORK,
    "cases.rectify": _WORK,
    "cases.history": _EVERYONE,
    "cases.replay": _EVERYONE,
    "life.move": _RULE,
    "life.restart": _RULE,
    "life.resume": _CARE,
    "life.suspend": _CARE,
    "decisions.explain": _EVERYONE,
    "tasks.worklist": _WORK,
    "tasks.show": _WORK,
    "tasks.claim": _WORK,
    "tasks.release": _WORK,
    "tasks.complete": _WORK,
    "tasks.assign": _WORK,
    "tasks.save_draft": _WORK,
    "tasks.reopen": _WORK,
    "messages.deliver": frozenset({SYSTEM}),
    "messages.send": _WORK,
    "signals.send": _CARE,
    "signals.deliver": frozenset({SYSTEM}),
    "signals.begin": frozenset({SYSTEM}),
    "starting.begin": frozenset({SYSTEM}),
    "schedules.fire": frozenset({SYSTEM}),
    "schedules.plan": frozenset({SYSTEM}),
    "schedules.listing": _EVERYONE,
    "letterbox.listing": _CARE,
    "letterbox.withdraw": _CARE,
    "batches.create": _CARE,
    "batches.chosen": _CARE,
    "batches.undo": _CARE,
    "batches.undoable": _CARE,
    "batches.once": _CARE,
    "batches.act": _CARE,
    "batches.due": frozenset({SYSTEM}),
    "batches.refused": frozenset({SYSTEM}),
    "batches.go_on": frozenset({SYSTEM}),
    "batches.pause": _CARE,
    "batches.resume": _CARE,
    "batches.stop": _CARE,
    "batches.listing": _EVERYONE,
    "batches.show": _EVERYONE,
    "batches.items": _EVERYONE,
    "certificates.listing": _EVERYONE,
    "certificates.show": _EVERYONE,
    "certificates.verify": _EVERYONE,
    "certificates.material": frozenset({SYSTEM}),
    "certificates.issued": frozenset({SYSTEM}),
    "attachments.tidy": frozenset({SYSTEM}),
    "attachments.content": _WORK,
    "attachments.listing": _EVERYONE,
    "attachments.add": _WORK,
    "actors.add": _RULE,
    "actors.listing": _EVERYONE,
    "actors.grant": _RULE,
    "actors.revoke": _RULE,
    "actors.roles": _EVERYONE,
    "actors.disable": _RULE,
    "offices.listing": _EVERYONE,
    "offices.mine": _EVERYONE,
    "offices.load": _RULE,
    "delegations.add": _RULE,
    "delegations.listing": _EVERYONE,
    "delegations.end": _RULE,
    "calendars.show": _EVERYONE,
    "calendars.horizon": _RULE,
    "calendars.create": _RULE,
    "calendars.assign": _RULE,
    "calendars.add": _RULE,
    "calendars.withdraw": _RULE,
    "calendars.diff": _RULE,
    "years.load": frozenset({SYSTEM}),
    "years.proposal": _RULE,
    "years.decide": _RULE,
    "beginnings.begin": frozenset({SYSTEM}),
    "clocks.record": _CARE,
    "clocks.settle": frozenset({SYSTEM}),
    "clocks.withdraw": _RULE,
    "revisions.advanced": frozenset({SYSTEM}),
    "revisions.next_cases": frozenset({SYSTEM}),
    "revisions.revise": frozenset({SYSTEM}),
    "delays.lapsing": _EVERYONE,
    "delays.report": _EVERYONE,
    "delays.show": _EVERYONE,
    "letters.attach": frozenset({SYSTEM}),
    "letters.owed": frozenset({SYSTEM}),
    "letters.show": _EVERYONE,
    "externals.fetch": _OUTSIDE,
    "externals.works": _OUTSIDE,
    "externals.extend": _OUTSIDE,
    "externals.complete": _OUTSIDE,
    "externals.fail": _OUTSIDE,
    "externals.error": _OUTSIDE,
    "externals.give_back": _OUTSIDE,
    "externals.listing": _RULE,
    "incidents.answer": _RULE,
    "incidents.resolve": _RULE,
    "incidents.retry": _RULE,
    "incidents.skip": _RULE,
    "incidents.listing": _EVERYONE,
    "incidents.causes": _EVERYONE,
    "incidents.show": _EVERYONE,
    "notices.contact": frozenset({STAFF, ADMINISTRATOR, SYSTEM}),
    "notices.show": _EVERYONE,
    "notices.prefer": frozenset({STAFF, ADMINISTRATOR, SYSTEM}),
    "notices.reach": frozenset({STAFF, ADMINISTRATOR, SYSTEM}),
    "notices.listing": _EVERYONE,
    "sending.spread": frozenset({SYSTEM}),
    "sending.channel": frozenset({SYSTEM}),
    "sending.material": frozenset({SYSTEM}),
    "sending.put_off": frozenset({SYSTEM}),
    "sending.sent": frozenset({SYSTEM}),
    "sending.refused": frozenset({SYSTEM}),
    "sending.late": frozenset({SYSTEM}),
    "sending.tidy": frozenset({SYSTEM}),
    "jobs.claim": frozenset({SYSTEM}),
    "jobs.extend": frozenset({SYSTEM}),
    "jobs.give_back": frozenset({SYSTEM}),
    "jobs.fire": frozenset({SYSTEM}),
    "jobs.failed": frozenset({SYSTEM}),
    "jobs.waiting": frozenset({SYSTEM}),
    "jobs.tidy": frozenset({SYSTEM}),
    "histories.due": _RULE,
    "histories.next_cases": frozenset({SYSTEM}),
    "histories.material": frozenset({SYSTEM}),
    "histories.archived": frozenset({SYSTEM}),
    "histories.plan": frozenset({SYSTEM}),
    "histories.advanced": frozenset({SYSTEM}),
    "histories.tidy": frozenset({SYSTEM}),
    "histories.emptied": frozenset({SYSTEM}),
    "histories.drop": frozenset({SYSTEM}),
    "checks.house": frozenset({SYSTEM}),
    "checks.case": frozenset({SYSTEM}),
    "operations.material": frozenset({SYSTEM}),
    "operations.paper": frozenset({SYSTEM}),
    "operations.begun": frozenset({SYSTEM}),
    "operations.answered": frozenset({SYSTEM}),
    "operations.failed": frozenset({SYSTEM}),
    "operations.put_off": frozenset({SYSTEM}),
    "operations.pending": frozenset({SYSTEM}),
    "operations.used": frozenset({SYSTEM}),
    "payments.notice": frozenset({SYSTEM}),
    "installation.initialise": frozenset({SYSTEM}),
    "installation.status": _EVERYONE,
}

# Questions whose answer may be some seconds old (`database_replica_seconds`), and which a copy of
# the database may therefore answer: what people look up, never what they, or a worker, act upon.
MAY_BE_OLD = frozenset({
    "cases.listing", "cases.search", "cases.history", "cases.replay", "decisions.explain",
    "certificates.listing", "incidents.causes",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account with the offices in which it holds each role (descendants included)."""

    id: int
    login: str
    kind: str
    grants: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def holds(self, role: str, office: int) -> bool:
        """Whether the actor holds this role in this office; the system holds every one."""
        return self.kind == SYSTEM or office in self.grants.get(role, frozenset())

    def sees(self, office: int) -> bool:
        """Whether any grant of the actor reaches this office."""
        return self.kind == SYSTEM or any(office in offices for offices in self.grants.values())

    @property
    def offices(self) -> frozenset[int] | None:
        """The offices that any grant of the actor reaches; None: every one."""
        if self.kind == SYSTEM:
            return None
        return frozenset().union(*self.grants.values())

    @property
    def standing(self) -> frozenset[str]:
        """The words of the table above that fit this actor."""
        house = set(_OF_THE_HOUSE & self.grants.keys())
        if self.kind == SYSTEM:
            house.add(SYSTEM)
        if self.grants.keys() - _OF_THE_HOUSE:
            house.add(STAFF)
        return frozenset(house)


def permitted(actor: Actor, command: str) -> bool:
    """Whether the table lets this actor run this command at all."""
    return bool(RULES[command] & actor.standing)
