"""The registry: what is shipped is sound, and a package cannot bring what is not."""

from pathlib import Path

import pytest

from engine.commands import jobs
from engine.errors import EngineError
from engine.operations import operation, plugins
from engine.operations.operation import Operation, Retry
from engine.operations.registry import OPERATIONS, SHIPPED
from engine.operations.signature import Signature
from engine.settings import load

GOOD = """
from engine.operations import calls
from engine.operations.operation import Operation
from engine.operations.signature import Signature
made = Operation("odd.ask", Signature({"q": "string"}), Signature({"n": "number"}), calls.ask,
                 lambda call: {}, secrets=frozenset({"odd"}))
inside = Operation("odd.ask", Signature(), Signature(), calls.ask, inside=True)
other = Operation("odd.other", Signature(), Signature(), calls.ask, lambda call: {})
nothing = 1
"""


def install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *points: str, package: str = "odd"
) -> None:
    """Put a package on the path that brings these entry points (`name = value`)."""
    information = folder / f"{package}-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n")
    text = f"[{plugins.GROUP}]\n" + "\n".join(points)
    (information / "entry_points.txt").write_text(text)
    (folder / "odd_plugin.py").write_text(GOOD)
    monkeypatch.syspath_prepend(folder)


def test_a_package_brings_an_operation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "odd.ask = odd_plugin:made")
    assert plugins.found(SHIPPED)["odd.ask"].takes.required == {"q": "string"}


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        ("http.request = odd_plugin:made", "Mouqataa ships"),
        ("odd.ask = odd_plugin:inside", "outside"),
        ("odd.ask = odd_plugin:other", "of this name"),
        ("odd.ask = odd_plugin:nothing", "of this name"),
        ("odd.ask = odd_plugin:gone", "AttributeError"),
        ("odd.ask = no_such_module:made", "ModuleNotFoundError"),
        ("Odd = odd_plugin:made", "two words"),
    ],
)
def test_a_package_that_brings_what_cannot_be_used_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, reason: str
) -> None:
    install(tmp_path, monkeypatch, point)
    with pytest.raises(EngineError) as caught:
        plugins.found(SHIPPED)
    assert caught.value.code == "plugin_refused"
    assert "package odd" in str(caught.value)
    assert reason in str(caught.value)


def test_two_packages_cannot_bring_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "odd.ask = odd_plugin:made")
    install(tmp_path, monkeypatch, "odd.ask = odd_plugin:made", package="even")
    with pytest.raises(EngineError, match="another package"):
        plugins.found(SHIPPED)


@pytest.mark.parametrize("made", OPERATIONS.values(), ids=OPERATIONS)
def test_an_operation_is_inside_or_has_a_call_or_a_job_of_its_own(made: Operation) -> None:
    own = ("certificate.issue", "case.start", "external.work")
    assert made.inside == (made.call is None) or made.name in own
    assert made.retry.attempts <= jobs.ATTEMPTS
    assert jobs.ATTEMPTS == operation.MOST_ATTEMPTS


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"attempts": 6}, {"first": 0}, {"timeout": 0}])
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        Retry(**wrong)


def test_what_the_settings_lack_is_told(tmp_path: Path) -> None:
    settings = load(environ={"MOUQATAA_DATA": str(tmp_path)})
    assert SHIPPED["http.request"].check_config(settings) == ("service_hosts",)
    assert SHIPPED["mail.send"].check_config(settings) == ("mail_server", "mail_from")
    assert SHIPPED["register.take"].check_config(settings) == ()


def test_a_signature_names_what_does_not_fit_and_quotes_nothing() -> None:
    signed = Signature({"a": "string", "b": "number"}, {"c": "list<string>", "d": "string | date"})
    given = {"a": 3, "c": ["x", True], "d": "x", "e": "secret"}
    assert list(signed.misfits(given)) == [
        "b is missing", "e is unknown", "a is no string", "c is no list<string>",
    ]  # fmt: skip
    assert list(Signature({"a": "Any"}).misfits({"a": None})) == ["a is no Any"]
    assert list(Signature({}, {"a": "string"}, open=True).misfits({"a": None, "z": 1})) == []
