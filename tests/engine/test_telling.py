"""A history in the words of the forms: questions, choices, in the language of who reads."""

from engine.commands import cases
from engine.engine import Engine
from engine.transaction import By
from engine.work.demonstration import play


def told(engine: Engine, language: str) -> dict[str, object]:
    reference = play(engine).reference
    [first, *_] = engine.read(By("nadia"), cases.history, reference, language)
    return dict(first.answers)


def test_questions_and_choices_are_told_in_each_language(sqlite: Engine) -> None:
    french, arabic = told(sqlite, "fr"), told(sqlite, "ar")
    assert french["Nature du document"] == "Procuration"
    assert arabic["نوع الوثيقة"] == "وكالة"
    assert french["Signataire · Nom et prénom (caractères latins)"] == "Fatima-Zahra Bennani"
    assert french["Pièces présentées"][1] == "Carte nationale d'identité électronique"


def test_answers_come_in_the_order_of_the_form(sqlite: Engine) -> None:
    questions = list(told(sqlite, "fr"))
    assert questions[0].startswith("Signataire · Nom et prénom (caractères latins)")
    assert questions[-1] == "Pièces présentées"


def test_every_event_of_a_case_names_its_elements(sqlite: Engine) -> None:
    reference = play(sqlite).reference
    events = sqlite.read(By("nadia"), cases.history, reference)
    named = {name for event in events for name, _ in event.labels.values()}
    assert {"Inscription au registre", "Recevabilité", "Remise du document"} <= named
