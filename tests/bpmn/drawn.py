"""The models of these tests, each a file as an editor saves it, played between saved bytes."""

from pathlib import Path
from typing import Any

from engine.deployment import normalising, trees
from engine.runtime.model import Model
from tests.runtime.models import Play, World

HERE = Path(__file__).parent


def drawn(name: str) -> Model:
    """The normalised model of a file: "ends/signal"."""
    tree = trees.parse((HERE / f"{name}.bpmn").read_bytes())
    return Model.read(normalising.normalised([tree], "P"))


class Sent(World):
    """A world that notes what was sent out of the case."""

    def __init__(self, **operations: Any) -> None:
        self.sent: list[tuple[str, Any]] = []
        super().__init__(
            signal_send=lambda signal, payload: self.sent.append((signal, payload)),
            message_send=lambda message, key, payload: self.sent.append((message, payload)),
            **operations,
        )


def play(name: str, **data: Any) -> Play:
    """A case of a drawn model, begun."""
    return Play(drawn(name), Sent(), **data)
