"""mouqataa task."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TextIO

import click

from console import completing, output
from console.answers import answered, given, paged
from console.context import Face, pass_face
from console.group import noun

command = noun("task")


@command.command(name="list")
@click.option("--mine", is_flag=True, help="Only those that are with you.")
@click.option("--role", help="Only those of this role.")
@click.option("--procedure", shell_complete=completing.procedures,
              help="Only those of this procedure.")  # fmt: skip
@paged
@pass_face
def listing(
    face: Face, mine: bool, role: str | None, procedure: str | None, limit: int,
    cursor: str | None,
) -> None:  # fmt: skip
    """List the tasks that you may take, in the order in which they should be done.

    Example: mouqataa task list
    """
    from engine.commands import tasks

    found = face.read(
        tasks.worklist, mine, role=role, procedure=procedure, limit=limit, cursor=cursor
    )
    face.rows(found, "task name case role opened_at assignee")


@command.command()
@click.argument("task", type=int, shell_complete=completing.tasks)
@pass_face
def show(face: Face, task: int) -> None:
    """Show a task and the questions of its form.

    Example: mouqataa task show 1
    """
    from engine.commands import tasks, wording

    found = face.read(tasks.show, task)
    if not face.choices.json:
        told = face.read(wording.task, task, face.language)
        found = replace(found, name=told.name, form=told.form)
    face.show(found, _page(found, face))


def _page(found: Any, face: Face) -> Iterator[str]:
    zone = face.settings.zone
    state = output.cell(found.status, face.words, zone)
    yield f"{found.task}  {output.isolated(found.name)}  {found.case}  {state}"
    if found.assignee:
        yield "  " + face.text("with {login}", login=found.assignee)
    if found.due_at:
        due = output.cell(found.due_at, face.words, zone)
        yield "  " + face.text("due {moment}", moment=due)
    if found.form:
        yield from _questions(found.form, found.draft, face)


def _questions(document: dict[str, Any], draft: dict[str, Any], face: Face) -> Iterator[str]:
    """The questions that apply, each by the name that `--set` takes; a star where one must
    answer."""
    from forms.form import Form

    for field in Form(document).fields(draft):
        star = "*" if field.required else " "
        choices = " | ".join(map(str, field.schema.get("enum", ())))
        more = f"  ({choices})" if choices else ""
        answer = f"  = {draft[field.pointer]}" if field.pointer in draft else ""
        yield f"  {star} {field.pointer}: {output.isolated(field.title)}{more}{answer}"
    yield "  " + face.text("* must be answered")


@command.command()
@click.argument("task", type=int, shell_complete=completing.tasks)
@pass_face
def claim(face: Face, task: int) -> None:
    """Take a task, so that nobody else works on it.

    Example: mouqataa task claim 1
    """
    from engine.commands import tasks

    done = face.run(tasks.claim, task)
    face.done(done, face.text("The task {task} is with you.", task=task),
              f"mouqataa task complete {task}")  # fmt: skip


@command.command()
@click.argument("task", type=int, shell_complete=completing.tasks)
@pass_face
def release(face: Face, task: int) -> None:
    """Give a task back to whoever may take it.

    Example: mouqataa task release 1
    """
    from engine.commands import tasks

    done = face.run(tasks.release, task)
    face.done(done, face.text("The task {task} is free.", task=task), "mouqataa task list")


@command.command()
@click.argument("task", type=int, shell_complete=completing.tasks)
@answered
@pass_face
def complete(face: Face, task: int, data: TextIO | None, pairs: tuple[str, ...]) -> None:
    """Complete a task with the answers of its form; without --data and --set they are asked.

    Example: mouqataa task complete 1 --data answers.json
    """
    from engine.commands import tasks, wording

    shown = face.read(tasks.show, task) if face.asks or pairs else None
    values = given(data, pairs, shown.form if shown else None)
    if shown and shown.form and data is None and not pairs and face.asks:
        from console.asking import answers

        told = face.read(wording.task, task, face.language)
        values = answers(face, told.form, shown.draft)
    done = face.run(tasks.complete, task, values)
    following = f"mouqataa task show {done.opened[0]}" if done.opened else ""
    sentence = face.text("The task {task} of {case} is completed.", task=task, case=done.case)
    face.done(done, sentence, following or f"mouqataa case show {done.case}")


@command.command()
@click.argument("task", type=int, shell_complete=completing.tasks)
@click.argument("login")
@pass_face
def assign(face: Face, task: int, login: str) -> None:
    """Give a task to somebody who has its role.

    Example: mouqataa task assign 1 nadia
    """
    from engine.commands import tasks

    done = face.run(tasks.assign, task, login)
    sentence = face.text("The task {task} is with {login}.", task=task, login=login)
    face.done(done, sentence, f"mouqataa task show {task}")


@command.command()
@click.argument("task", type=int)
@click.option("--reason", required=True, help="Why, in a sentence; the history keeps it.")
@pass_face
def reopen(face: Face, task: int, reason: str) -> None:
    """Open a task again that you completed by mistake, while nothing has followed from it.

    Example: mouqataa task reopen 1 --reason "mauvaise pièce"
    """
    from engine.commands import tasks

    done = face.run(tasks.reopen, task, reason)
    sentence = face.text("The task {task} is open again.", task=task)
    following = f"mouqataa task show {done.opened[0]}" if done.opened else "mouqataa task list"
    face.done(done, sentence, following)
