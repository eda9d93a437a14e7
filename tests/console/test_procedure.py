"""A procedure from nothing: written, checked, deployed."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from tests.console.conftest import Call, answer, environment


def test_a_new_procedure_is_sound_and_deployed_at_once(call: Call, folder: Path) -> None:
    made = call("procedure", "new", "carte_de_marche", "--name", 'Carte "de" marché & foire')
    assert made.exit_code == 0
    written = tomllib.loads((folder / "carte_de_marche/procedure.toml").read_text("utf-8"))
    assert written["name"] == "Carte ”de” marché & foire"
    assert "mouqataa procedure check carte_de_marche" in made.stderr
    assert call("procedure", "check", "carte_de_marche").exit_code == 0
    done = answer(call("procedure", "deploy", "carte_de_marche", "--as", "admin", "--json"))
    assert (done["procedure"], done["version"]) == ("carte_de_marche", 1)
    assert call("actor", "grant", "nadia", "guichet", "MAR", "--as", "admin").exit_code == 0
    begun = call("case", "start", "carte_de_marche", "--office", "MAR", "--as", "nadia", "--json",
                 "--set", "full_name=Omar Alami", "--set", "purpose=essai")  # fmt: skip
    assert answer(begun)["reference"].startswith("SPECIMEN-CDM-MAR-")


def test_a_new_procedure_comes_with_a_scenario_that_reaches_all_of_it(call: Call) -> None:
    call("procedure", "new", "ma_procedure")
    done = call("procedure", "test", "ma_procedure", "--complete")
    assert done.exit_code == 0
    assert "✓ passed  scenarios/examined.yaml" in done.stdout
    assert "Flows 2/2, rules 0/0" in done.stdout


def test_a_scenario_that_fails_says_what_was_expected_and_exits_with_1(
    call: Call, folder: Path
) -> None:
    call("procedure", "new", "ma_procedure")
    file = folder / "ma_procedure/scenarios/examined.yaml"
    text = file.read_text(encoding="utf-8").replace("status: completed", "status: cancelled")
    file.write_text(text, encoding="utf-8")
    done = call("procedure", "test", "ma_procedure")
    assert done.exit_code == 1
    assert "✗ failed" in done.stdout
    assert "then.status: expected cancelled, found completed" in done.stdout
    machine = call("procedure", "test", "ma_procedure", "--json", "--lang", "ar")
    assert machine.exit_code == 1
    found = json.loads(machine.stdout)
    assert found["passed"] is False
    message = "expected cancelled, found completed"
    assert found["scenarios"][0]["faults"] == [
        {"place": "then.status", "code": "differs", "message": message}
    ]
    told = call("procedure", "test", "ma_procedure", "--lang", "ar").stdout
    assert "أخفق" in told
    assert "المنتظر" in told


def test_what_no_scenario_reaches_is_named_and_fails_only_where_that_is_asked(
    call: Call, folder: Path
) -> None:
    call("procedure", "new", "ma_procedure")
    file = folder / "ma_procedure/scenarios/examined.yaml"
    text = file.read_text(encoding="utf-8")
    cut = text[: text.index("when:")] + "then: {status: open, tasks: [Review]}\n"
    file.write_text(cut, encoding="utf-8")
    done = call("procedure", "test", "ma_procedure")
    assert done.exit_code == 0
    assert "Flows 1/2" in done.stdout
    assert "F2 (Review → Done)" in done.stdout
    assert call("procedure", "test", "ma_procedure", "--complete").exit_code == 1
    file.unlink()
    assert "has no scenarios" in call("procedure", "test", "ma_procedure").stdout


def test_scenarios_need_no_database_and_leave_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    assert runner.invoke(main, ["procedure", "new", "ma_procedure"]).exit_code == 0
    assert runner.invoke(main, ["procedure", "test", "ma_procedure"]).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["ma_procedure"]


def test_what_exists_is_not_touched(call: Call, folder: Path) -> None:
    (folder / "ma_procedure").mkdir()
    done = call("procedure", "new", "ma_procedure")
    assert done.exit_code == 2
    assert list((folder / "ma_procedure").iterdir()) == []


@pytest.mark.parametrize("key", ["A", "../x", "Ma_procedure", "a b", "é"])
def test_a_key_is_small_letters(key: str, call: Call) -> None:
    assert call("procedure", "new", key).exit_code == 2


def test_the_same_files_again_change_nothing(call: Call) -> None:
    first = answer(call("procedure", "deploy", "signature_legalisation", "--as", "admin", "--json"))
    again = answer(call("procedure", "deploy", "signature_legalisation", "--as", "admin", "--json"))
    assert first == again


def test_each_fault_of_a_procedure_is_named(call: Call, folder: Path) -> None:
    call("procedure", "new", "ma_procedure")
    model = folder / "ma_procedure/procedure.bpmn"
    model.write_text(
        model.read_text(encoding="utf-8").replace("bpmn:userTask", "bpmn:transaction"),
        encoding="utf-8",
    )
    done = call("procedure", "check", "ma_procedure")
    assert done.exit_code == 2
    assert "Review" in done.stderr


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "no rules of the jurisdiction marocco are known"),
        ("fr", "aucune règle du droit marocco n'est connue"),
        ("ar", "لا قواعد معروفة لقانون \u2068marocco\u2069"),
    ],
)
def test_a_fault_against_the_law_is_told_in_the_reader_s_language(
    call: Call, folder: Path, language: str, told: str
) -> None:
    call("procedure", "new", "ma_procedure")
    facts = folder / "ma_procedure/procedure.toml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(f'jurisdiction = "marocco"\n{text}', encoding="utf-8")
    checked = call("procedure", "check", "ma_procedure", "--lang", language)
    deployed = call("procedure", "deploy", "ma_procedure", "--as", "admin", "--lang", language)
    assert (checked.exit_code, deployed.exit_code) == (2, 2)
    assert told in checked.stderr
    assert told in deployed.stderr
    document = call("procedure", "check", "ma_procedure", "--lang", language, "--json")
    [fault] = json.loads(document.stderr)["errors"]
    assert fault["code"] == "jurisdiction"
    assert told in fault["message"]
    assert "words" not in fault


def test_a_form_is_shown_in_the_reader_s_language(call: Call, folder: Path) -> None:
    call("procedure", "new", "ma_procedure")
    call("procedure", "deploy", "ma_procedure", "--as", "admin")
    begun = answer(call("case", "start", "ma_procedure", "--office", "MAR", "--as", "nadia",
                        "--json", "--set", "full_name=Omar", "--set", "purpose=essai"))  # fmt: skip
    task = str(begun["tasks"][0])
    assert "The file is complete" in call("task", "show", task, "--as", "nadia").stdout
    arabic = call("task", "show", task, "--as", "nadia", "--lang", "ar").stdout
    assert "دراسة الطلب" in arabic
    assert "الملف كامل" in arabic
    history = call("case", "history", begun["reference"], "--as", "nadia", "--lang", "ar").stdout
    assert "دراسة الطلب" in history
