"""A notice of the payment gateway at the command line."""

import json
from pathlib import Path

import pytest

from console.fields import FIELDS
from engine.operations.payments import signed
from tests.console.conftest import Call, answer

BODY = b'{"order": "LEG-MAR-2026-000001/3"}'


@pytest.fixture
def secret(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MOUQATAA_PAYMENT_URL", "https://pay.example")
    (folder / "secrets.toml").write_text('[payment]\nvalue = "x"\nhosts = ["pay.example"]\n')
    return "x"


def test_a_notice_of_a_payment_that_nobody_waits_for_is_taken(call: Call, secret: str) -> None:
    typed = ["payment", "notice", "-", "--signature", signed(secret, BODY)]
    found = answer(call(*typed, "--json", stdin=BODY))
    assert found == {"woken": False}
    assert list(found) == FIELDS["payment notice"].split()
    assert "Nothing waits" in call(*typed, "--lang", "en", stdin=BODY).stdout


def test_a_notice_with_another_signature_is_forbidden(call: Call, secret: str) -> None:
    done = call("payment", "notice", "-", "--signature", signed("y", BODY), "--json", stdin=BODY)
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (3, "notice_refused")


def test_without_its_secret_there_is_no_gateway_for_trying(call: Call) -> None:
    done = call("payment", "simulate", "--lang", "en")
    assert done.exit_code == 2
    assert "secret payment" in done.stderr
