"""Small models for the tests of the runtime: nodes as XML, flows as arrows, a world of values."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from engine.runtime.errors import BusinessError, Erased
from engine.runtime.model import Model
from engine.runtime.values import Sealed
from engine.runtime.world import MISSING

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:mq="urn:mouqataa:bpmn:1" targetNamespace="t" mq:main="P">'
)


def flows(*paths: str) -> str:
    """Sequence flows: "A > B > C"; "A > B if x > 1" has a condition."""
    found = []
    for path in paths:
        path, _, condition = path.partition(" if ")
        steps = [step.strip() for step in path.split(" > ")]
        for source, target in pairwise(steps):
            text = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
            text = text.replace("<=", "&lt;=")
            found.append(
                f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
                f"{text}</sequenceFlow>"
            )
    return "".join(found)


def node(kind: str, key: str, inside: str = "", **attributes: str) -> str:
    given = "".join(f' {k.replace("__", ":")}="{v}"' for k, v in attributes.items())
    return f'<{kind} id="{key}" name="{key}"{given}>{inside}</{kind}>'


def user(*keys: str) -> str:
    return "".join(node("userTask", key) for key in keys)


def ends(*keys: str) -> str:
    return "".join(node("endEvent", key) for key in keys)


START = node("startEvent", "S")


def duration(text: str) -> str:
    return f"<timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition>"


def cycle(text: str) -> str:
    return f"<timerEventDefinition><timeCycle>{text}</timeCycle></timerEventDefinition>"


def process(*parts: str, key: str = "P") -> str:
    return f'<process id="{key}" isExecutable="true">{"".join(parts)}</process>'


def model(*parts: str, beside: str = "", **settings: Any) -> Model:
    """A model of one process P made of these parts; `beside` are other root elements."""
    xml = HEAD + beside + process(*parts) + "</definitions>"
    return Model.read(xml.encode(), **settings)


class World:
    """A world for tests: a clock, sealed values in a dict, operations as functions."""

    zone = ZoneInfo("Africa/Casablanca")
    calendar = None

    def __init__(self, **operations: Any) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.case: Mapping[str, Any] = {"reference": "T-1"}
        self.operations = operations
        self.values: dict[bytes, Any] = {}
        self.outcomes: list[Any] = []
        self.erased = False

    def later(self, **delta: float) -> "World":
        self.now += timedelta(**delta)
        return self

    def open(self, sealed: Sealed) -> Any:
        if self.erased:
            raise Erased
        return self.values[sealed.commitment]

    def seal(self, name: str, value: Any) -> Sealed:
        commitment = f"{name}{len(self.values)}".encode()
        self.values[commitment] = value
        return Sealed(commitment)

    def recorded(self, element: str, slot: str) -> Any:
        for place, derived in enumerate(self.outcomes):
            if (derived.element, derived.slot) == (element, slot):
                return self.outcomes.pop(place).value
        return MISSING

    def perform(self, operation: str, inputs: Mapping[str, Any], element: str, token: int) -> Any:
        return self.operations[operation.replace(".", "_")](**inputs)

    def is_inside(self, operation: str) -> bool:
        return operation.replace(".", "_") in self.operations


def failing(code: str) -> Any:
    def operation(**inputs: Any) -> Any:
        raise BusinessError(code, "as the test wants")

    return operation


class Play:
    """A case being played: holds the bytes, moves by the names of elements."""

    def __init__(
        self, played: Model, world: World | None = None, at: str | None = None, **data: Any
    ) -> None:
        from engine.runtime import execution

        self.execution, self.model = execution, played
        self.world = world or World()
        self.step = execution.start(played, data, self.world, at)

    @property
    def waits(self) -> list[Any]:
        view = self.execution.look(self.model, self.step.state)
        return sorted(view.waits, key=lambda wait: int(wait.token))

    @property
    def open(self) -> list[str]:
        return sorted(wait.element for wait in self.waits)

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.step.data)

    @property
    def ended(self) -> str | None:
        return self.step.ended

    def token(self, element: str, number: int = 0) -> int:
        return [wait.token for wait in self.waits if wait.element == element][number]

    def _move(self, verb: str, element: str, number: int, *args: Any) -> "Play":
        call = getattr(self.execution, verb)
        token = self.token(element, number)
        self.step = call(self.model, self.step.state, token, *args, self.world)
        return self

    def complete(self, element: str, number: int = 0, **values: Any) -> "Play":
        return self._move("complete", element, number, values)

    def fire(self, element: str) -> "Play":
        return self._move("fire", element, 0)

    def receive(self, element: str, **payload: Any) -> "Play":
        return self._move("receive", element, 0, payload)

    def signal(self, element: str, **payload: Any) -> "Play":
        return self._move("signal", element, 0, payload)

    def answer(self, element: str, result: Any) -> "Play":
        return self._move("answer", element, 0, result)

    def fail(self, element: str, code: str) -> "Play":
        return self._move("fail", element, 0, code, "as the test wants")
