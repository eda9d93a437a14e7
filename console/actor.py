"""mouqataa actor."""

from collections.abc import Iterator
from typing import Any

import click

from console import output
from console.context import Face, pass_face
from console.failure import Usage
from console.group import noun
from engine.settings import LANGUAGES

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


@command.command()
@click.argument("login", default="")
@click.option("--mail", metavar="ADDRESS", help="The address from now on.")
@click.option("--phone", metavar="NUMBER", help="The mobile telephone from now on.")
@click.option("--remove", is_flag=True, help="Take both back: nothing is sent any more.")
@click.option("--language", type=click.Choice(LANGUAGES),
              help="The language of its messages.")  # fmt: skip
@pass_face
def contact(
    face: Face, login: str, mail: str | None, phone: str | None, remove: bool,
    language: str | None,
) -> None:  # fmt: skip
    """Show or set where you, or another account, are told by mail or text message.

    Example: mouqataa actor contact nadia
    Example: mouqataa actor contact nadia --mail nadia@commune.example --language ar
    Example: mouqataa actor contact nadia --phone "06 12 34 56 78"
    """
    from engine.commands import notices

    if remove and (mail or phone):
        raise Usage("Give an address with --mail or --phone, or take it back with --remove.")
    if remove:
        mail = phone = ""
    if mail is not None or phone is not None or language:
        country = face.settings.sms_country
        face.run(notices.reach, mail, login, language or "", phone, country)
        if face.choices.quiet:
            return
    found = face.read(notices.contact, login)
    face.show(found, _reached(face, found))


def _reached(face: Face, found: Any) -> Iterator[str]:
    known = [address for address in (found.mail, found.phone) if address]
    if not known:
        yield face.text("{login} has no address: nothing is sent.", login=found.login)
    elif found.channel is not None:
        told = found.phone if found.channel == "sms" else found.mail
        words = {"login": found.login, "address": told, "spoken": found.language}
        yield face.text("{login} is told at {address}, in this language: {spoken}.", **words)
        known.remove(told)
    for address in known:
        yield face.text("Known, but not used: {address}", address=address)
    if found.failing_at is not None:
        since = output.cell(found.failing_at, face.words, face.settings.zone)
        yield face.text("The address was refused ({since}). Set the right one.", since=since)
