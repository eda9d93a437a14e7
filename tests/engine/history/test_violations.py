"""What a check may find: each is told with what to do about it."""

import pytest

from engine.history.violations import MESSAGES


@pytest.mark.parametrize("code", MESSAGES)
def test_every_violation_says_what_to_do(code: str) -> None:
    message, remedy = MESSAGES[code]
    assert message
    assert remedy.endswith((".", "}", "restore", "--once", "--status due"))
