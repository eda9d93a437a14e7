"""Telling people by mail, outside any transaction.

A mail that was taken and whose worker died before it could say so is sent once more, under the same
Message-ID: a mail program shows one.
"""

from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from engine import i18n
from engine.commands import jobs, sending
from engine.commands.sending import Letter, Line
from engine.engine import Engine
from engine.operations import mails
from engine.operations.operation import Call, Paper, Unanswered
from engine.runtime.errors import BusinessError
from engine.settings import Settings
from engine.transaction import By
from engine.work.calling import PutOff

_SYSTEM = By("system", channel="worker")
_TIMEOUT = 30.0

_TEXTS = {
    "task.assigned": "The task “{task}” was given to you.",
    "task.opened": "The task “{task}” waits.",
    "task.due": "The task “{task}” is late.",
    "incident.raised": "Work needs an administrator: incident {incident}.",
    "case.started": "Your request was registered.",
    "case.ended": "The case has ended.",
    "certificate.issued": "A document is ready.",
}
STAFF = "Open Mouqataa to act. You choose what you are told of: mouqataa notice preferences"
PERSON = (
    "Ask at the office named, with the reference, also to be told no more. Do not answer this mail."
)
COUNTED, MORE = "{count} notices", "And {count} more."
MESSAGES = (*_TEXTS.values(), STAFF, PERSON, COUNTED, MORE)
"""All that a mail can say, for whoever translates it."""


def send(engine: Engine, job: jobs.Job) -> None:
    """Send what a job has to tell; with nothing to say nothing is sent."""
    if missing := mails.unready(engine.settings):
        reason = f"the settings lack {', '.join(missing)}"
        raised = engine.run(_SYSTEM, sending.put_off, job.id, job.lease, reason)
        raise PutOff(raised)
    letter = engine.run(_SYSTEM, sending.material, job.id, job.lease)
    if letter.lines:
        try:
            mails.call(_call(engine.settings, letter, job.id))
        except BusinessError as error:
            if not isinstance(error, mails.NoSuchAddress) and error.code != "mail.address":
                raise ConnectionError(error.message) from error
            engine.run(_SYSTEM, sending.refused, job.id, job.lease)
            return
        except Unanswered as error:
            raise ConnectionError(error.reason) from error
    engine.run(_SYSTEM, sending.sent, job.id, job.lease)


def _call(settings: Settings, letter: Letter, job: int) -> Call:
    subject, text = written(letter)
    inputs = {"to": letter.mail, "subject": subject, "text": text, "language": letter.language}
    first = letter.lines[0]
    key = sha256(f"notice/{job}/{first.case}/{first.at.isoformat()}".encode()).hexdigest()

    def secret(name: str, host: str) -> str:
        found = settings.secrets().get(name)
        if found is None or host not in found.hosts:
            raise Unanswered(f"the settings hold no secret {name} for {host}")
        return found.value

    return Call(
        inputs, key, letter.now, _TIMEOUT, settings, secret, _no_paper, order=f"notice/{job}",
        since=letter.now, kept={},
    )  # fmt: skip


def _no_paper(key: str) -> Paper:
    raise LookupError(key)


def written(letter: Letter) -> tuple[str, str]:
    """Subject and text of a mail, in the language of who reads it."""
    first, language = letter.lines[0], letter.language
    if (count := len(letter.lines) + letter.more) == 1:
        subject = " – ".join(part for part in (_told(first, language), first.case) if part)
    else:
        subject = i18n.text(COUNTED, language, count=count)
    blocks = [_block(line, letter) for line in letter.lines]
    if letter.more:
        blocks.append(i18n.text(MORE, language, count=letter.more))
    blocks.append(i18n.text(PERSON if letter.person else STAFF, language))
    return subject, "\n\n".join(blocks)


def _block(line: Line, letter: Letter) -> str:
    at = line.at.astimezone(ZoneInfo(letter.zone)).strftime("%d/%m/%Y %H:%M")
    where: tuple[Any, ...] = (line.procedure, line.case, line.office, at)
    parts = [str(part) for part in where if part]
    return f"{_told(line, letter.language)}\n{' · '.join(parts)}"


def _told(line: Line, language: str) -> str:
    words = {"task": line.task, "incident": line.incident}
    return i18n.text(_TEXTS[line.topic], language, **words)
