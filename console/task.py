"""mouqataa task."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO

import click

from console import completing, output, story
from console.answers import answered, given, paged
from console.context import Face, pass_face
from console.group import noun

if TYPE_CHECKING:
    from forms.form import Field

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
    from engine.commands import views

    language = "fr" if face.choices.json or face.choices.plain else face.language
    found = face.read(
        views.worklist, language, mine, role=role, procedure=procedure, limit=limit,
        cursor=cursor,
    )  # fmt: skip
    face.rows(found, "task name case due_at lapses_at clock role assignee")


@command.command()
@click.argument("task", type=int, shell_complete=completing.tasks)
@pass_face
def show(face: Face, task: int) -> None:
    """Show a task and the questions of its form.

    Example: mouqataa task show 1
    """
    from engine.commands import tasks, views, wording

    found = face.read(tasks.show, task)
    if face.choices.json:
        face.show(found)
        return
    told = face.read(wording.task, task, face.language)
    holds = face.read(views.case, found.case, face.language)
    found = replace(found, name=told.name, form=told.form)
    face.show(found, (*_page(found, face), *_before(holds, face)))


def _before(holds: Any, face: Face) -> Iterator[str]:
    """What the case says already, which whoever does the task must see."""
    if holds.values:
        yield face.text("What the case holds:")
        yield from story.holding(holds, face)


def _page(found: Any, face: Face) -> Iterator[str]:
    zone = face.settings.zone
    state = output.state(found.status, face.words)
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

    form = Form(document)
    applying = {field.pointer: field for field in form.fields(draft)}
    always = {p for p in applying if p.split("/")[0] in document.get("properties", {})}
    for pointer, field in applying.items():
        if pointer in always or draft:
            yield from _question(field, draft.get(pointer), face)
    yield "  " + face.text("* must be answered")
    later = [p for p in form.titles if "*" not in p and p not in (applying if draft else always)]
    if later:
        yield "  " + face.text("Asked depending on the answers:")
    yield from (f"    {pointer}: {output.isolated(form.titles[pointer])}" for pointer in later)


def _question(field: "Field", answer: Any, face: Face) -> Iterator[str]:
    """A question by the name that `--set` takes, a star where one must answer, its choices."""
    star = "*" if field.required else " "
    known = "" if answer is None else f"  = {output.cell(answer, face.words, face.settings.zone)}"
    yield f"  {star} {field.pointer}: {output.isolated(field.title)}{known}"
    asked = field.schema.get("items", {}) if field.kind == "array" else field.schema
    for value in asked.get("enum", ()):
        label = asked.get("x-labels", {}).get(str(value), "")
        yield f"        {value}  {output.isolated(label)}".rstrip()


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

        face.rehearse(tasks.claim, task)  # who may not do it learns so before the first question
        told = face.read(wording.task, task, face.language)
        values = answers(face, told.form, shown.draft)
    done = face.run(tasks.complete, task, values)
    following = f"mouqataa task show {done.opened[0]}" if done.opened else ""
    sentence = face.text("The task {task} of {case} is completed.", task=task, case=done.case)
    face.done(done, sentence, following or f"mouqataa case show {done.case}")


@command.command()
@click.argument("task", type=int, shell_complete=completing.tasks)
@answered
@pass_face
def draft(face: Face, task: int, data: TextIO | None, pairs: tuple[str, ...]) -> None:
    """Keep unfinished answers with a task, which is yours from then; they are offered again when it
    is completed.

    Example: mouqataa task draft 1 --set papers_complete=true
    """
    from engine.commands import tasks

    shown = face.read(tasks.show, task)
    values = {**shown.draft, **given(data, pairs, shown.form)}
    done = face.run(tasks.save_draft, task, values)
    sentence = face.text("The answers are kept with the task {task}, which is with you.", task=task)
    face.done(done, sentence, f"mouqataa task complete {task}")


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
