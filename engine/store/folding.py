"""One folding of text for search, in both scripts and on both databases.

Case, accents, vowel signs and the variants of alef, yeh and teh marbuta are levelled, digits become
0-9.  Besides its words a text gives itself without spaces: بن علي is found as بنعلي.
"""

import re
from unicodedata import combining, decimal, normalize

_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None,
     "œ": "oe", "æ": "ae"}
)  # fmt: skip


def fold(text: str) -> str:
    """The text as search sees it."""
    text = normalize("NFKD", text.casefold().translate(_LETTERS))
    text = "".join(c for c in text if not combining(c)).translate(_LETTERS)
    return "".join(str(decimal(c)) if c.isdecimal() else c for c in text)


def tokens(text: str) -> frozenset[str]:
    """The words to store for a text, and the whole without spaces."""
    words = re.findall(r"\w+", fold(text))
    return frozenset(word[:80] for word in [*words, "".join(words)] if word)
