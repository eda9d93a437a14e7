"""webhook.call: whoever holds the secret can know who says so, and when."""

import hmac
import json
from base64 import b64encode
from decimal import Decimal
from hashlib import sha256

import pytest

from engine.operations import webhooks
from engine.operations.operation import Call, Unanswered
from tests.engine.operations.conftest import AT, Make
from tests.engine.operations.servers import Web


def asked(make: Make, web: Web) -> Call:
    inputs = {"url": f"http://{web.host}/hook", "secret": "partner", "body": {"n": Decimal(1)}}
    web.answers["/hook"] = 204, {}, b""
    return make(inputs, private_hosts=web.host)


def test_the_signature_is_over_id_timestamp_and_body(make: Make, web: Web) -> None:
    assert webhooks.call(asked(make, web)) == {"status": Decimal(204)}
    [seen] = web.seen
    assert json.loads(seen.body) == {"n": 1}
    moment = str(int(AT.timestamp()))
    signed = b".".join([b"k" * 64, moment.encode(), seen.body])
    made = hmac.new(b"partner for 127.0.0.1", signed, sha256).digest()
    assert seen.headers["webhook-id"] == "k" * 64
    assert seen.headers["webhook-timestamp"] == moment
    assert seen.headers["webhook-signature"] == "v1," + b64encode(made).decode()


def test_a_secret_may_be_bytes_in_base_64() -> None:
    assert webhooks._key("whsec_AQID") == b"\x01\x02\x03"
    with pytest.raises(Unanswered, match="base 64"):
        webhooks._key("whsec_*")


def test_the_signature_of_the_standards_own_example() -> None:
    key = webhooks._key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = webhooks.signature(
        key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
