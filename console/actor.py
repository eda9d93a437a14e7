"""mouqataa actor."""

import click

from console.context import Face, pass_face
from console.group import noun

command = noun("actor")


@command.command()
@click.argument("login")
@click.option("--name", required=True, help="Name in full, in Latin letters.")
@click.option("--name-ar", default="", help="Name in Arabic letters, as certificates print it.")
@pass_face
def add(face: Face, login: str, name: str, name_ar: str) -> None:
    """Register an account.

    Example: mouqataa actor add salma --name "Salma Idrissi"
    """
    from engine.commands import actors

    done = face.run(actors.add, login, name, name_ar)
    face.done(done, face.text("{login} is registered.", login=login),
              f"mouqataa actor grant {login} ROLE OFFICE")  # fmt: skip


@command.command(name="list")
@pass_face
def listing(face: Face) -> None:
    """List the accounts and their roles.

    Example: mouqataa actor list
    """
    from engine.commands import actors

    face.rows(face.read(actors.listing), "login name kind roles")


@command.command()
@click.argument("login")
@click.argument("role")
@click.argument("office")
@pass_face
def grant(face: Face, login: str, role: str, office: str) -> None:
    """Give a role in an office and in all below it.

    Example: mouqataa actor grant nadia guichet MAR
    """
    from engine.commands import actors

    done = face.run(actors.grant, login, role, office)
    words = {"login": login, "role": role, "office": office}
    face.done(done, face.text("{login} holds the role {role} at {office}.", **words),
              "mouqataa actor list")  # fmt: skip


@command.command()
@click.argument("login")
@click.argument("role")
@click.argument("office")
@pass_face
def revoke(face: Face, login: str, role: str, office: str) -> None:
    """Take a role in an office back.

    Example: mouqataa actor revoke nadia guichet MAR
    """
    from engine.commands import actors

    done = face.run(actors.revoke, login, role, office)
    words = {"login": login, "role": role, "office": office}
    face.done(done, face.text("{login} no longer holds the role {role} at {office}.", **words),
              "mouqataa actor list")  # fmt: skip


@command.command()
@click.argument("login")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("-n", "--dry-run", is_flag=True, help="Check only; change nothing.")
@pass_face
def disable(face: Face, login: str, yes: bool, dry_run: bool) -> None:
    """Close an account; what it did stays in its name.

    Example: mouqataa actor disable nadia --dry-run
    """
    from engine.commands import actors

    if dry_run:
        done = face.rehearse(actors.disable, login)
        face.done(done, face.text("The account {login} would be closed.", login=login))
        return
    face.confirm("Close the account {login}?", sure=yes, login=login)
    done = face.run(actors.disable, login)
    face.done(done, face.text("The account {login} is closed.", login=login),
              "mouqataa actor list")  # fmt: skip
