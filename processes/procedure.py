"""procedure.toml: what a procedure is to the law and to people.  Facts with source and date.

One source for the receipt, the command line and the portal: names and summaries, legal basis,
roles, papers, fees, delays, certificates, registers.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from processes.clocks import Tables, clock_names, clocks, named
from processes.errors import BundleError
from processes.reading import Facts, Source, source

FILE = "procedure.toml"
_KEY = re.compile(r"[a-z][a-z0-9_]{2,59}")
# What a person can be told of.
TOPICS = ("case.started", "case.ended", "certificate.issued", "clock.moved")
_CODE = re.compile(r"[A-Z]{2,6}")
# In what form a paper is asked.
FORMS = ("original", "copy", "declaration", "certified_copy", "legalised")
# What a certificate does: it grants, it refuses, it receives a request, it attests or tells.
KINDS = ("permit", "refusal", "receipt", "attestation", "notice")


@dataclass(frozen=True, slots=True)
class Law:
    """A text that the procedure rests on."""

    title: str
    article: str
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class Role:
    """Who does the tasks of a lane; `may` holds "start" where the role may begin cases."""

    key: str
    lane: str
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that the applicant brings.

    `form`: one of FORMS; `copies`: how many of it; `issuer`: the administration that gave it.
    """

    key: str
    name: str
    required: bool
    source: Source
    form: str
    copies: int
    issuer: str


@dataclass(frozen=True, slots=True)
class Fee:
    """What is charged, for what unit, since when."""

    key: str
    amount: Decimal
    currency: str
    unit: str
    source: Source


@dataclass(frozen=True, slots=True)
class Delay:
    """A delay that the law gives: an ISO 8601 duration, or working days, with its text."""

    duration: str
    working_days: int
    text: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class Appeal:
    """To whom and within what delay a refusal can be appealed; `text` is what a refusal says."""

    authority: str
    duration: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that the procedure hands out.

    `signer` is the element whose doer signs it: a task or the start event; empty: nobody signs.
    `kind`: one of KINDS, what it does; `motive`: the variable of a refusal that gives its reason.
    """

    key: str
    title: str
    template: str
    register: str
    signer: str
    kind: str
    motive: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Where the start form asks how the person is reached ("contact/mail"), and of what they are
    told."""

    mail: str
    phone: str
    language: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure's facts, complete."""

    key: str
    code: str
    name: str
    summary: str
    category: str
    # The jurisdiction whose rules hold, and the act as its lists name it; empty: none.
    jurisdiction: str
    act: str
    investment: bool
    start: str
    languages: tuple[str, ...]
    laws: tuple[Law, ...]
    roles: Mapping[str, Role]
    papers: tuple[Paper, ...]
    fees: tuple[Fee, ...]
    # The clocks of the law, and what people call the kinds of facts that they name.
    clocks: Mapping[str, Tables]
    fact_names: Mapping[str, str]
    clock_names: Mapping[str, str]
    delay: Delay | None
    silence: str
    appeal: Appeal | None
    certificates: Mapping[str, Certificate]
    registers: Mapping[str, str]
    retention_years: int | None
    # Months for which the history of an ended case stays in the database; then it is in a file.
    retention_history: int | None
    facts: frozenset[str]
    personal: frozenset[str]
    subject: str
    notice: Notice | None
    # The offices in which cases begin that a timer or a signal starts; ("each",): in all.
    schedule: tuple[str, ...] = ()

    def role_of(self, lane: str | None) -> Role | None:
        """The role whose lane this is."""
        return next((role for role in self.roles.values() if role.lane == lane), None)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the file that people read: what translations must cover."""
        found = [self.name, self.summary, *(role.lane for role in self.roles.values())]
        found += [paper.name for paper in self.papers] + [fee.unit for fee in self.fees]
        found += [certificate.title for certificate in self.certificates.values()]
        found += [*self.registers.values(), *self.fact_names.values(), *self.clock_names.values()]
        found += [str(table["article"]) for tables in self.clocks.values() for table in tables]
        if self.delay is not None:
            found.append(self.delay.text)
        if self.appeal is not None:
            found += [self.appeal.authority, self.appeal.text]
        return tuple(dict.fromkeys(text for text in found if text))


def read(text: bytes) -> Procedure:
    """Read procedure.toml; BundleError names the key at fault."""
    try:
        facts = Facts(FILE, tomllib.loads(text.decode()))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BundleError(FILE, str(error)) from error
    data, retention, subject = (facts.table(name) for name in ("data", "retention", "subject"))
    years, history = _retention(retention)
    schedule = facts.table("schedule")
    granted = clocks(FILE, facts)
    found = Procedure(
        key=_matching(facts.text("key"), _KEY, "key"),
        code=_matching(facts.text("code"), _CODE, "code"),
        name=facts.text("name"),
        summary=facts.text("summary", ""),
        category=facts.text("category", ""),
        jurisdiction=facts.text("jurisdiction", ""),
        act=facts.text("act", ""),
        investment=facts.get("investment", bool, False),
        start=facts.text("start"),
        languages=facts.texts("languages") or ("fr", "ar", "en"),
        laws=tuple(_law(row) for row in facts.tables("law")),
        roles={key: _role(key, row) for key, row in facts.named("roles").items()},
        papers=tuple(_paper(row) for row in facts.tables("papers")),
        fees=tuple(_fee(row) for row in facts.tables("fees")),
        clocks=granted,
        fact_names=named(FILE, facts),
        clock_names=clock_names(granted),
        delay=_delay(facts.table("delay")) if facts.given("delay") else None,
        silence=_silence(facts.table("silence")),
        appeal=_appeal(facts.table("appeal")) if facts.given("appeal") else None,
        certificates={k: _certificate(k, row) for k, row in facts.named("certificates").items()},
        registers={key: _register(row) for key, row in facts.named("registers").items()},
        retention_years=years,
        retention_history=history,
        facts=frozenset(data.texts("facts")),
        personal=frozenset(data.texts("personal")),
        subject=subject.text("identity", ""),
        notice=_notice(facts.table("notice")) if facts.given("notice") else None,
        schedule=schedule.texts("offices"),
    )
    for table in (facts, data, subject, schedule):
        table.done()
    if found.clocks and not found.jurisdiction:
        raise BundleError(FILE, "jurisdiction is missing: by its rules a clock counts")
    return found


def _matching(text: str, pattern: re.Pattern[str], name: str) -> str:
    if not pattern.fullmatch(text):
        raise BundleError(FILE, f"{name} must match {pattern.pattern}, not {text}")
    return text


def _law(row: Facts) -> Law:
    law = Law(row.text("title"), row.text("article", ""), row.text("note", ""), source(row))
    row.done()
    return law


def _role(key: str, row: Facts) -> Role:
    role = Role(key, row.text("lane"), frozenset(row.texts("may")))
    row.done()
    if role.may - {"start"}:
        raise BundleError(FILE, f"roles.{key}.may knows only start")
    return role


def _paper(row: Facts) -> Paper:
    paper = Paper(
        row.text("key"), row.text("name"), row.get("required", bool, True), source(row),
        _among(row, "form", FORMS), row.get("copies", int, 1), row.text("issuer", ""),
    )  # fmt: skip
    row.done()
    return paper


def _among(row: Facts, name: str, known: tuple[str, ...]) -> str:
    """One of the texts that are known, the first of them where none is given."""
    found = row.text(name, known[0])
    if found not in known:
        raise BundleError(FILE, f"{row.at(name)} is one of {', '.join(known)}, not {found}")
    return found


def _fee(row: Facts) -> Fee:
    fee = Fee(
        row.text("key"), row.amount("amount"), row.text("currency", "MAD"), row.text("unit"),
        source(row),
    )  # fmt: skip
    row.done()
    return fee


def _delay(row: Facts) -> Delay:
    read = source(row) if row.given("source") else None
    delay = Delay(
        row.text("duration", ""), row.get("working_days", int, 0), row.text("text", ""), read
    )
    row.done()
    if bool(delay.duration) == bool(delay.working_days):
        raise BundleError(FILE, "delay has either duration or working_days")
    return delay


def _silence(row: Facts) -> str:
    effect = row.text("effect", "none")
    if row.given("source"):
        source(row)
    row.text("note", "")
    row.done()
    if effect not in ("none", "consent", "refusal"):
        raise BundleError(FILE, f"silence.effect is none, consent or refusal, not {effect}")
    return effect


def _appeal(row: Facts) -> Appeal:
    appeal = Appeal(row.text("authority"), row.text("duration", ""), row.text("text"), source(row))
    row.done()
    return appeal


def _notice(row: Facts) -> Notice:
    notice = Notice(
        row.text("mail", ""), row.text("phone", ""), row.text("language", ""),
        frozenset(row.texts("topics") or TOPICS),
    )  # fmt: skip
    row.done()
    if not (notice.mail or notice.phone):
        raise BundleError(FILE, "notice needs mail, phone, or both")
    if notice.topics - set(TOPICS):
        raise BundleError(FILE, f"notice.topics knows only {', '.join(TOPICS)}")
    return notice


def _certificate(key: str, row: Facts) -> Certificate:
    certificate = Certificate(
        key, row.text("title"), row.text("template"), row.text("register"),
        row.text("signer", ""), _among(row, "kind", KINDS), row.text("motive", ""),
    )  # fmt: skip
    row.done()
    return certificate


def _register(row: Facts) -> str:
    name = row.text("name")
    row.done()
    return name


def _retention(row: Facts) -> tuple[int | None, int | None]:
    """For how many years cases are kept, and for how many months their histories in the database.

    The second is written as a duration ("P10Y", "P18M") and needs the source that says so.
    """
    years: int | None = row.get("years", int, None)
    months: int | None = None
    if row.given("history"):
        text = row.text("history")
        found = re.fullmatch(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?", text)
        months = int(found[1] or 0) * 12 + int(found[2] or 0) if found else 0
        if not months:
            raise BundleError(FILE, f"{row.at('history')} cannot be {text}; write for example P10Y")
        row.text("source")
        row.day("read")
    if row.given("source"):
        source(row)
    row.text("note", "")
    row.done()
    return years, months
