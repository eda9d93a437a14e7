"""mouqataa payment."""

from typing import BinaryIO

import click

from console.context import Face, pass_face
from console.group import noun

command = noun("payment")


@command.command()
@click.argument("body", type=click.File("rb"), metavar="FILE")
@click.option("--signature", required=True, help="What the gateway signed it with, as it came.")
@pass_face
def notice(face: Face, body: BinaryIO, signature: str) -> None:
    """Take a notice of the payment gateway, - for standard input: the payment is asked after now.

    Example: mouqataa payment notice - --signature 9f86d08
    """
    from engine.work import noticing

    done = noticing.take(face.engine, body.read(noticing.LARGEST + 1), signature)
    if done.woken:
        face.done(done, face.text("The payment is asked after."), "mouqataa work --once")
    else:
        face.done(done, face.text("Nothing waits for this payment."))


@command.command()
@click.option("--port", type=click.IntRange(0, 65_535), default=8090, show_default=True,
              help="Where it listens, on this machine alone; 0: where it is free.")  # fmt: skip
@click.option("--notify", default="", metavar="URL", help="Where its notices go; none without it.")
@pass_face
def simulate(face: Face, port: int, notify: str) -> None:
    """Be a payment gateway for trying, until interrupted: no money moves, nothing is kept.

    Example: mouqataa payment simulate --port 8090
    """
    from engine.operations.payments import SECRET
    from engine.work.gateway import Gateway, serve

    kept = face.settings.secrets().get(SECRET)
    if kept is None:
        from console.failure import Usage

        raise Usage("The settings hold no secret {name}.",
                    "Write it into the file that secrets_file names.", name=SECRET)  # fmt: skip

    def ready(found: int) -> None:
        address = f"http://127.0.0.1:{found}"
        face.done({"url": address}, face.text("The gateway answers at {url}.", url=address))

    serve(Gateway(kept.value, notify), port, ready)
