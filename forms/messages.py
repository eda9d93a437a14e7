"""What a field's error says to a person, in the three languages."""

from collections.abc import Callable

from forms.errors import FieldError

LANGUAGES = ("fr", "ar", "en")

# code: French, Arabic, English; {limit} is a figure of the form.
MESSAGES: dict[str, tuple[str, str, str]] = {
    "required": (
        "Cette réponse est obligatoire.", "هذا الجواب إلزامي.", "This answer is required.",
    ),
    "unknown": (
        "Le formulaire n'a pas ce champ.", "لا يوجد هذا الحقل في الاستمارة.",
        "The form has no such field.",
    ),
    "type": (
        "La réponse n'est pas de la bonne nature.", "نوع الجواب غير صحيح.",
        "The answer is not of the right kind.",
    ),
    "enum": (
        "Choisissez une des valeurs proposées.", "اختر إحدى القيم المقترحة.",
        "Choose one of the values offered.",
    ),
    "const": (
        "Cette réponse ne permet pas de continuer.", "لا يمكن المتابعة بهذا الجواب.",
        "This answer does not allow to go on.",
    ),
    "pattern": (
        "La forme de la réponse n'est pas celle attendue.", "شكل الجواب غير مطابق للمطلوب.",
        "The answer does not have the expected form.",
    ),
    "minLength": (
        "Écrivez au moins {limit} caractères.", "اكتب {limit} حروف على الأقل.",
        "Write at least {limit} characters.",
    ),
    "maxLength": (
        "Écrivez au plus {limit} caractères.", "اكتب {limit} حرفا على الأكثر.",
        "Write at most {limit} characters.",
    ),
    "minimum": (
        "La valeur est d'au moins {limit}.", "القيمة لا تقل عن {limit}.",
        "The value is at least {limit}.",
    ),
    "maximum": (
        "La valeur est d'au plus {limit}.", "القيمة لا تزيد عن {limit}.",
        "The value is at most {limit}.",
    ),
    "exclusiveMinimum": (
        "La valeur est supérieure à {limit}.", "القيمة أكبر من {limit}.",
        "The value is more than {limit}.",
    ),
    "exclusiveMaximum": (
        "La valeur est inférieure à {limit}.", "القيمة أقل من {limit}.",
        "The value is less than {limit}.",
    ),
    "multipleOf": (
        "La valeur ne va pas avec le pas attendu.", "القيمة غير مطابقة للتدرج المطلوب.",
        "The value does not fit the expected step.",
    ),
    "minItems": (
        "Donnez au moins {limit} éléments.", "أدخل {limit} عناصر على الأقل.",
        "Give at least {limit} items.",
    ),
    "maxItems": (
        "Donnez au plus {limit} éléments.", "أدخل {limit} عناصر على الأكثر.",
        "Give at most {limit} items.",
    ),
    "uniqueItems": (
        "Un élément est donné deux fois.", "أحد العناصر مكرر.", "An item is given twice.",
    ),
    "format": (
        "La forme de la réponse n'est pas celle attendue.", "شكل الجواب غير مطابق للمطلوب.",
        "The answer does not have the expected form.",
    ),
    "format-cin": (
        "Écrivez le numéro de la carte : une ou deux lettres, puis des chiffres.",
        "اكتب رقم البطاقة: حرف أو حرفان ثم أرقام.",
        "Write the number of the card: one or two letters, then digits.",
    ),
    "format-phone-ma": (
        "Écrivez un numéro de téléphone marocain, par exemple 06 12 34 56 78.",
        "اكتب رقم هاتف مغربي، مثلا 0612345678.",
        "Write a Moroccan telephone number, for example 06 12 34 56 78.",
    ),
    "format-date": (
        "Écrivez la date ainsi : 2026-03-02.", "اكتب التاريخ هكذا: 2026-03-02.",
        "Write the date like this: 2026-03-02.",
    ),
    "format-email": (
        "Écrivez une adresse électronique, par exemple nom@exemple.ma.",
        "اكتب عنوانا إلكترونيا، مثلا nom@exemple.ma.",
        "Write an e-mail address, for example nom@exemple.ma.",
    ),
    "too-early": (
        "La date ne peut pas être avant le {limit}.", "لا يمكن أن يكون التاريخ قبل {limit}.",
        "The date cannot be before {limit}.",
    ),
    "too-late": (
        "La date ne peut pas être après le {limit}.", "لا يمكن أن يكون التاريخ بعد {limit}.",
        "The date cannot be after {limit}.",
    ),
    "too-large": (
        "Les réponses sont trop longues ({limit} caractères au plus).",
        "الأجوبة طويلة جدا ({limit} حرفا على الأكثر).",
        "The answers are too long ({limit} characters at most).",
    ),
    "other": (
        "Cette réponse ne peut pas être acceptée.", "لا يمكن قبول هذا الجواب.",
        "This answer cannot be accepted.",
    ),
}  # fmt: skip


def message(
    error: FieldError | str, language: str, translate: Callable[[str], str] | None = None
) -> str:
    """The sentence for an error; French where the language is not ours.

    A field's own message goes before the general one, through `translate` where it is given.
    """
    if isinstance(error, str):
        error = FieldError("", error)
    if error.text:
        return translate(error.text) if translate else error.text
    texts = MESSAGES.get(error.code, MESSAGES["other"])
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return texts[place].format(**{"limit": "", **error.params})
