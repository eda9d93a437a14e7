"""A model as a file beside its test: deployed as the product does it, then played."""

from pathlib import Path
from typing import Any

from engine.deployment import elements, normalising, structure, trees
from engine.deployment.findings import ERROR
from engine.runtime.model import Model
from tests.runtime.models import Play, World

HERE = Path(__file__).parent


def deployed(name: str) -> Model:
    """The model of tests/bpmn/<name>.bpmn: refused nowhere, normalised, read."""
    tree = trees.parse((HERE / f"{name}.bpmn").read_bytes())
    found = [
        finding
        for scope in trees.scopes(name, tree)
        for finding in (*elements.check(scope), *structure.check(scope, frozenset()))
        if finding.severity == ERROR
    ]
    assert found == []
    main = next(tree.iter(trees.tag("process"))).get("id")
    return Model.read(normalising.normalised([tree], main))


def played(name: str, world: World | None = None, **data: Any) -> Play:
    """A case of a model that stands beside its test."""
    return Play(deployed(name), world, **data)


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
    return Play(deployed(name), Sent(), **data)
