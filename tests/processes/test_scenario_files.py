"""The files of scenarios are read strictly: what cannot be meant is named with its remedy."""

from pathlib import Path

import pytest

from processes import plain_yaml, scenario
from processes.bundle import Bundle
from processes.errors import BundleError
from processes.scenario import Scenario
from tests.deployment.bundles import bundle

SOUND = """
title: Essai
given:
  at: 2026-03-02T10:00:00+01:00
  delegations: [{to: desk, act: copies}]
start: {as: desk, with: {born: 1990-05-01, name: no, n: 3}}
when:
  - {complete: A, as: desk.2, nth: 2}
  - wait: P3D
  - attach: {kind: other}
    as: desk
then: {status: open}
"""


def read(text: str) -> Scenario:
    made = Bundle({**bundle().files, "scenarios/a.yaml": text.encode()})
    assert scenario.files(made) == ["scenarios/a.yaml"]
    return scenario.read(made, "scenarios/a.yaml")


def test_a_file_becomes_steps_with_the_application_first() -> None:
    found = read(SOUND)
    assert [(step.place, step.verb, step.by) for step in found.steps] == [
        ("start", "start", "desk"),
        ("when 1 (complete A)", "complete", "desk.2"),
        ("when 2 (wait P3D)", "wait", ""),
        ("when 3 (attach other)", "attach", "desk"),
    ]
    assert found.office == "MAR"
    assert found.at.isoformat() == "2026-03-02T10:00:00+01:00"


def test_dates_and_words_stay_what_a_form_takes() -> None:
    assert read(SOUND).steps[0].values == {"born": "1990-05-01", "name": "no", "n": 3}


WRONG = [
    ("title: Essai", "titre: Essai", "no key titre is known here; did you mean title?"),
    ("title: Essai", "", "the key title is missing"),
    ("title: Essai", "title: [a]", "title: write a text here"),
    ("as: desk, with", "as: clerk, with", "start: procedure.toml has no role clerk"),
    ("desk.2", "desk.1", "when 1 (complete A): procedure.toml has no role desk.1"),
    ("to: desk,", "to: clerk,", "given.delegations 1: procedure.toml has no role clerk"),
    ("act: copies", "by: copies", "given.delegations 1: no key by"),
    ("2026-03-02T10:00:00+01:00", "2026-03-02T10:00:00", "given.at: 2026-03-02T10:00:00 is no"),
    ("2026-03-02T10:00:00+01:00", "soon", "given.at: soon is no moment"),
    ("complete: A", "finish: A", "when 1: a step has one of complete"),
    ("complete: A", "complet: A", "did you mean complete?"),
    ("complete: A", "claim: A, complete: A", "not claim and complete"),
    ("nth: 2", "nth: 0", "when 1 (complete A): nth counts from 1"),
    ("nth: 2", "nht: 2", "when 1 (complete): no key nht is known here; did you mean nth?"),
    ("nth: 2", "fields: [n]", "fields go with refused"),
    ("nth: 2", "refused: Form Invalid", "refused is the code of an error"),
    ("wait: P3D", "wait: 3", "when 2.wait: write a text here; put 3 between quotes"),
    ("wait: P3D", "wait: P3D\n    as: desk", "when 2 (wait): no key as"),
    ("{kind: other}", "{sort: other}", "when 3 (attach): no key sort"),
    ("then: {status: open}", "", "then: it expects nothing"),
    ("{status: open}", "{status: done}", "then.status: a case is open"),
    ("{status: open}", "{tasks: A}", "then.tasks: write a list here"),
    ("{status: open}", "{values: [a]}", "then.values: write keys with values here"),
    ("{status: open}", "{tasks: [1]}", "then.tasks: write a text here"),
    ("title: Essai", "title: Essai\ntitle: Encore", "the key title stands here twice"),
    ("title: Essai", "title: {", "it is no YAML"),
    ("title: Essai", "title: !!python/object:os.system a", "it is no YAML"),
    ("title: Essai", "- a", "it is no YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "written", "told"), WRONG)
def test_what_cannot_be_meant_is_named(said: str, written: str, told: str) -> None:
    assert said in SOUND
    with pytest.raises(BundleError) as wrong:
        read(SOUND.replace(said, written, 1))
    assert wrong.value.place == "scenarios/a.yaml"
    assert told in wrong.value.reason


def test_a_file_that_is_a_list_is_none() -> None:
    with pytest.raises(BundleError, match="write keys with values here"):
        read("- a\n")


def test_a_file_of_aliases_does_not_swell() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(plain_yaml.Unreadable, match="more than"):
        plain_yaml.load("\n".join(lines).encode())


def test_yaml_that_nests_too_deeply_is_refused() -> None:
    with pytest.raises(plain_yaml.Unreadable):
        plain_yaml.load(b"[" * 5_000)


def test_the_reference_page_names_every_verb_and_key() -> None:
    page = Path(__file__).parents[2] / "docs/reference/scenarios.md"
    told = page.read_text(encoding="utf-8")
    verbs = {f"`{verb}: " for verb in scenario.VERBS}
    keys = {f"`{key}`" for must, may in scenario.VERBS.values() for key in must | may}
    keys |= {f"`{key}`" for key in ("at", "office", *scenario.DELEGATION, *scenario.EXPECTED)}
    missing = {word for word in verbs | keys if word not in told}
    assert missing <= {"`fields`", "`refused`"}  # told in a sentence, with a value
    assert "`refused: form_invalid`" in told
    assert "`fields: [copies]`" in told
