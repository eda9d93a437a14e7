"""What a field's error says to a person, in the three languages."""

_MESSAGES: dict[str, dict[str, str]] = {
    "required": {
        "fr": "Cette réponse est obligatoire.",
        "ar": "هذا الجواب إلزامي.",
        "en": "This answer is required.",
    },
    "unknown": {
        "fr": "Le formulaire n'a pas ce champ.",
        "ar": "لا يوجد هذا الحقل في الاستمارة.",
        "en": "The form has no such field.",
    },
    "pattern": {
        "fr": "La forme de la réponse n'est pas celle attendue.",
        "ar": "شكل الجواب غير مطابق للمطلوب.",
        "en": "The answer does not have the expected form.",
    },
    "enum": {
        "fr": "Choisissez une des valeurs proposées.",
        "ar": "اختر إحدى القيم المقترحة.",
        "en": "Choose one of the values offered.",
    },
    "type": {
        "fr": "La réponse n'est pas de la bonne nature.",
        "ar": "نوع الجواب غير صحيح.",
        "en": "The answer is not of the right kind.",
    },
    "other": {
        "fr": "Cette réponse ne peut pas être acceptée.",
        "ar": "لا يمكن قبول هذا الجواب.",
        "en": "This answer cannot be accepted.",
    },
}


def message(code: str, language: str) -> str:
    """The sentence for an error code; French where the language is not ours."""
    texts = _MESSAGES.get(code, _MESSAGES["other"])
    return texts.get(language, texts["fr"])
