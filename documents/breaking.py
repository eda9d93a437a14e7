"""What WeasyPrint 70 breaks too early: a text that fills its line but for the blank at its end.

Before another element the blank of a text is kept ("born to <b>"). Where everything fits and only
that blank does not, the library takes the text for one that cannot be broken, and sets its first
word alone on a line. CSS lets such a blank hang (CSS Text 3, 4.1.3). A private function is
replaced, which is why the library's version is pinned and a test looks at the lines.
"""

from typing import Any

from weasyprint.layout import inline

_split = inline.split_first_line
_COLLAPSING = frozenset({"normal", "pre-line"})


def install() -> None:
    """Teach the loaded library; doing it twice changes nothing."""
    inline.split_first_line = _with_hanging_blank


def _with_hanging_blank(
    text: str, style: Any, context: Any, max_width: Any, *rest: Any, **more: Any
) -> Any:
    found = _split(text, style, context, max_width, *rest, **more)
    _, _, resume, *_ = found
    blank = text.endswith(" ") and style["white_space"] in _COLLAPSING
    if resume is None or max_width is None or not blank:
        return found
    _, _, resume, width, *_ = _split(text.rstrip(" "), style, context, max_width, *rest, **more)
    if resume is not None or width > max_width:
        return found
    return _split(text, style, context, None, *rest, **more)
