"""What the house is made of: accounts, offices, procedures, days."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from engine.commands import (
    actors,
    calendars,
    delegations,
    installation,
    offices,
    procedures,
    years,
)
from engine.work.founding import FOUNDER
from processes import holidays
from processes.catalogue import city
from tests.conftest import ADMIN
from tests.engine.commands.house import ONE, bundle
from tests.reliability.acting import Act, Acting, Again
from tests.reliability.house import House


def _founded(house: House) -> Act:
    facts = city("casablanca")
    days = holidays.calendar(facts["calendar"])
    args = (facts, days, house.fresh("chef"), False)
    return Act(FOUNDER, installation.initialise, args, again=Again.HARMLESS)


def _deploy(house: House) -> Act:
    return Act(ADMIN, procedures.deploy, (bundle(*ONE, key=house.fresh("autre"), code="AUT"),))


def _withdraw(house: House) -> Act:
    key = house.fresh("autre")
    house.engine.run(ADMIN, procedures.deploy, bundle(*ONE, key=key, code="AUT"))
    return Act(ADMIN, procedures.withdraw, (key, 1, "remplacée"))


def _hire(house: House) -> Act:
    return Act(ADMIN, actors.add, (house.fresh("a"), "Amina Idrissi", "أمينة"))


def _on_actor(command: Callable[..., Any], *more: Any, granted: bool = True) -> Acting:
    def act(house: House) -> Act:
        login = house.fresh("a")
        house.engine.run(ADMIN, actors.add, login, "Amina Idrissi")
        if granted:
            house.engine.run(ADMIN, actors.grant, login, "desk", "MAR")
        return Act(ADMIN, command, (login, *more))

    return act


def _load_offices(house: House) -> Act:
    facts = city("casablanca")
    short = house.fresh("N")
    facts["arrondissements"] = [*facts["arrondissements"], [short, short, short, short]]
    return Act(FOUNDER, offices.load, (facts,), again=Again.HARMLESS)


def _delegate(house: House) -> Act:
    since = date(2026, 1, 1)
    return Act(ADMIN, delegations.add, ("sign", "karim", "MAR", house.fresh("n° "), since))


def _end_delegation(house: House) -> Act:
    made = house.engine.run(ADMIN, delegations.add, "sign", "karim", "MAR", house.fresh("n° "))
    return Act(ADMIN, delegations.end, (made.id, date(2030, 1, 1), "mutation"))


def _day(house: House) -> date:
    return date(2030, 1, 1) + timedelta(days=house.made)


def _set_day(house: House) -> Act:
    name = house.engine.read(ADMIN, calendars.show).name
    named = {"kind": "closed", "label": house.fresh("deuil"), "source": "décret"}
    return Act(ADMIN, calendars.add, (name, _day(house)), named=named)


def _withdraw_day(house: House) -> Act:
    set_day = _set_day(house)
    house.engine.run(ADMIN, set_day.command, *set_day.args, **set_day.named)
    house.clock.move(minutes=1)
    return Act(ADMIN, calendars.withdraw, set_day.args, named={"source": "circulaire"})


def _layer(house: House) -> Act:
    named = {"source": house.fresh("arrêté")}
    return Act(ADMIN, calendars.create, (house.fresh("couche"), "morocco"), named=named)


def _go_by(house: House) -> Act:
    house.fresh("")
    return Act(ADMIN, calendars.assign, ("MAR", "morocco"))


def _load_calendar(house: House) -> Act:
    found = holidays.calendar(city("casablanca")["calendar"])
    return Act(FOUNDER, years.load, ({**found, "name": house.fresh("cal")},),
               again=Again.HARMLESS)  # fmt: skip


def _decide(house: House) -> Act:
    found = holidays.calendar(city("casablanca")["calendar"])
    row = {**found["days"][0], "day": _day(house), "fr": house.fresh("fête")}
    return Act(ADMIN, years.decide, ("morocco", {**found, "days": [row], "hours": []}))


ACTS: dict[str, tuple[Acting, ...]] = {
    "actors.add": (_hire,),
    "actors.disable": (_on_actor(actors.disable),),
    "actors.grant": (_on_actor(actors.grant, "desk", "MAR", granted=False),),
    "actors.revoke": (_on_actor(actors.revoke, "desk", "MAR"),),
    "calendars.add": (_set_day,),
    "calendars.assign": (_go_by,),
    "calendars.create": (_layer,),
    "calendars.withdraw": (_withdraw_day,),
    "delegations.add": (_delegate,),
    "delegations.end": (_end_delegation,),
    "installation.initialise": (_founded,),
    "offices.load": (_load_offices,),
    "procedures.deploy": (_deploy,),
    "procedures.withdraw": (_withdraw,),
    "years.decide": (_decide,),
    "years.load": (_load_calendar,),
}
