"""mouqataa actor."""

import click

from console.context import Face, pass_face


@click.group()
def command() -> None:
    """Who acts: add, list, grant, revoke."""


@command.command()
@click.argument("login")
@click.option("--name", required=True, help="Name in full.")
@pass_face
def add(face: Face, login: str, name: str) -> None:
    """Register an account.

    Example: mouqataa actor add nadia --name "Nadia Alaoui"
    """
    from engine.commands import actors

    face.show(face.run(actors.add, login, name), f"{login} is registered")


@command.command(name="list")
@pass_face
def listing(face: Face) -> None:
    """List the accounts and their roles.

    Example: mouqataa actor list
    """
    from engine.commands import actors

    face.rows(face.read(actors.listing))


@command.command()
@click.argument("login")
@click.argument("role")
@click.argument("office")
@pass_face
def grant(face: Face, login: str, role: str, office: str) -> None:
    """Give a role in an office and all below it.

    Example: mouqataa actor grant nadia guichet MAR
    """
    from engine.commands import actors

    face.show(face.run(actors.grant, login, role, office), f"{login} is {role} at {office}")


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
    face.show(done, f"{login} is no longer {role} at {office}")
