"""mouqataa task."""

from typing import TextIO

import click

from console.answers import given
from console.context import Face, pass_face


@click.group()
def command() -> None:
    """Tasks: list, show, claim, release, complete."""


@command.command(name="list")
@click.option("--mine", is_flag=True, help="Only those with me.")
@pass_face
def listing(face: Face, mine: bool) -> None:
    """List the tasks that you may take.

    Example: mouqataa task list
    """
    from engine.commands import tasks

    face.rows(face.read(tasks.worklist, mine))


@command.command()
@click.argument("task", type=int)
@pass_face
def show(face: Face, task: int) -> None:
    """Show a task and the questions of its form.

    Example: mouqataa task show 1
    """
    from engine.commands import tasks

    found = face.read(tasks.show, task)
    lines = [f"{found.task}  {found.name}  {found.case}  {found.status}"]
    questions = (found.form or {}).get("properties", {})
    lines += [f"  {name}: {question['title']}" for name, question in questions.items()]
    face.show(found, "\n".join(lines))


@command.command()
@click.argument("task", type=int)
@pass_face
def claim(face: Face, task: int) -> None:
    """Take a task.

    Example: mouqataa task claim 1
    """
    from engine.commands import tasks

    face.show(face.run(tasks.claim, task), f"task {task} is with you")


@command.command()
@click.argument("task", type=int)
@pass_face
def release(face: Face, task: int) -> None:
    """Give a task back.

    Example: mouqataa task release 1
    """
    from engine.commands import tasks

    face.show(face.run(tasks.release, task), f"task {task} is free")


@command.command()
@click.argument("task", type=int)
@click.option("--data", type=click.File(encoding="utf-8"), help="Answers as JSON; - for stdin.")
@click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE", help="One answer.")
@pass_face
def complete(face: Face, task: int, data: TextIO | None, pairs: tuple[str, ...]) -> None:
    """Complete a task with the answers of its form.

    Example: mouqataa task complete 1 --set present=true --set identity_checked=true
    """
    from engine.commands import tasks

    done = face.run(tasks.complete, task, given(data, pairs))
    following = f"next: mouqataa task complete {done.opened[0]}" if done.opened else ""
    face.show(done, f"{done.case}: task {task} completed  {following}".rstrip())
