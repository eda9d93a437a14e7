"""Lines of text that people give: trimmed, and refused where a column could not keep them."""

from engine.errors import EngineError


def line(name: str, text: str, longest: int) -> str:
    """A line without what cannot be printed, of 1 to `longest` letters; raises `bad_value`."""
    text = text.strip()
    if not 1 <= len(text) <= longest or not text.isprintable():
        expected = f"Write one line of 1 to {longest} letters."
        raise EngineError("bad_value", name=name, value=text[:longest], expected=expected)
    return text
