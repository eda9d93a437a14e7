"""mouqataa delegation."""

from datetime import datetime

import click

from console.context import Face, pass_face
from console.group import noun

command = noun("delegation")


@command.command()
@click.argument("act")
@click.argument("login")
@click.option("--office", required=True, help="Short name of the office, for example MAR.")
@click.option("--order", required=True, help="Number and date of the order that delegates.")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, where there is one.")
@pass_face
def add(
    face: Face, act: str, login: str, office: str, order: str, since: datetime,
    until: datetime | None,
) -> None:  # fmt: skip
    """Register an order that delegates a signature for an act.

    Example: mouqataa delegation add legalisation youssef --office MAR --order 12/2026 \
--since 2026-01-02
    """
    from engine.commands import delegations

    last = until.date() if until else None
    done = face.run(delegations.add, act, login, office, order, since.date(), last)
    face.done(done, face.text("The delegation {id} is registered.", id=done.id),
              "mouqataa delegation list")  # fmt: skip


@command.command(name="list")
@click.option("--act", help="Only for this act.")
@pass_face
def listing(face: Face, act: str | None) -> None:
    """List the delegations of signature, past ones too.

    Example: mouqataa delegation list
    """
    from engine.commands import delegations

    face.rows(face.read(delegations.listing, act), "id act to office order since until ended")


@command.command()
@click.argument("delegation", type=int)
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Its last day.")
@click.option("--reason", required=True, help="Why, in a sentence.")
@pass_face
def end(face: Face, delegation: int, on: datetime, reason: str) -> None:
    """End a delegation; what was signed before stays signed.

    Example: mouqataa delegation end 1 --on 2026-06-30 --reason "mutation"
    """
    from engine.commands import delegations

    done = face.run(delegations.end, delegation, on.date(), reason)
    sentence = face.text("The delegation {id} ends on {day}.", id=delegation, day=on.date())
    face.done(done, sentence, "mouqataa delegation list")
