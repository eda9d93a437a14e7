"""What a model must say where cases begin by themselves, and where messages are kept."""

import pytest

from engine.commands.procedures import examine
from tests.engine.commands.house import bundle
from tests.runtime.models import ends, flows, node, user

TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
BEGUN = (node("startEvent", "S", TIMER), user("A"), ends("E"), flows("S > A > E"))


def found(*parts: str, beside: str = "", toml: str = "") -> dict[str, str]:
    """The errors of a bundle: element -> code."""
    found = examine(bundle(*parts, beside=beside, toml=toml))
    return {f.element: f.code for f in found if f.severity == "error"}


def test_a_timer_that_begins_cases_needs_an_office() -> None:
    assert found(*BEGUN) == {"S": "schedule"}
    assert found(*BEGUN, toml='[schedule]\noffices = ["each"]\n') == {}


def test_no_case_begins_by_a_condition() -> None:
    inside = "<condition>n &gt; 1</condition>"
    inside = f"<conditionalEventDefinition>{inside}</conditionalEventDefinition>"
    parts = (node("startEvent", "S", inside), user("A"), ends("E"), flows("S > A > E"))
    assert found(*parts)["S"] == "unsupported"


@pytest.mark.parametrize(("keep", "errors"), [("P7D", {}), ("7 jours", {"m": "attribute"})])
def test_how_long_a_message_is_kept_is_a_duration(keep: str, errors: dict[str, str]) -> None:
    beside = f'<message id="m" name="papers" mq:keep="{keep}"/>'
    hears = node("receiveTask", "M", messageRef="m")
    begun = (node("startEvent", "S"), hears, user("A"), ends("E"), flows("S > M > A > E"))
    assert found(*begun, beside=beside) == errors
