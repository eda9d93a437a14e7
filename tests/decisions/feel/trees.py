"""Trees of every form, as the parser makes them, for the tests that print and mutate them."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from decisions.feel import tree
from decisions.feel.temporal import temporal
from decisions.feel.tree import Node
from decisions.feel.writing import temporal_text
from decisions.values import Months

NAMES = ("b c", "d-e", "x's", "d + f", "g/h", "a.b", "a and d")
"""Names that must be known before the text is read."""

_Nodes = st.SearchStrategy[Node]
_NAME = st.sampled_from(
    [*NAMES, *"abcdefgh", "date", "time", "not", "external", "count", "partial"]
)
_KEY = st.sampled_from(
    [
        "k",
        "l",
        "two words",
        "m-n",
        "1st",
        "+",
        "in",
        "a: b",
        'quo"ted',
        "é",
        "back\\slash",
        "",
        " z ",
    ]
)
_ZONED = ["10:00:00Z", "09:30:00.25+01:00", "23:59:59@Africa/Casablanca", "10:00:00-02:30:15"]
_TEMPORAL = (
    st.dates()
    | st.times()
    | st.datetimes()
    | st.timedeltas(dt.timedelta(days=-(10**6)), dt.timedelta(days=10**6))
    | st.builds(Months, st.integers(-(10**6), 10**6))
    | st.sampled_from(_ZONED).map(temporal)
    | st.sampled_from(_ZONED).map(lambda text: temporal(f"2026-11-23T{text}"))
)
_NUMBER = st.decimals(0, 10**29, allow_nan=False, places=4) | st.sampled_from(
    [Decimal("1.50"), Decimal("1E+50"), Decimal("7E-6000"), Decimal("0.000"), Decimal("9.9E+6144")]
)
_LITERAL: _Nodes = st.builds(
    tree.Literal, st.just(0), st.none() | st.booleans() | st.text() | _NUMBER | _TEMPORAL
)
_TYPE_NAME = st.sampled_from(
    ["number", "date", "date and time", "list", "range", "context", "function", "Any", "t.x", "d-e"]
)


def _more_types(inner: st.SearchStrategy[tree.Type]) -> st.SearchStrategy[tree.Type]:
    keys = st.lists(_KEY, min_size=1, max_size=2, unique=True).map(tuple)
    return st.one_of(
        st.builds(
            tree.Type, st.just(0), st.sampled_from(["list", "range"]), inner.map(lambda of: (of,))
        ),
        st.builds(
            tree.Type,
            st.just(0),
            st.just("function"),
            st.lists(inner, min_size=1, max_size=3).map(tuple),
        ),
        keys.flatmap(
            lambda names: st.builds(
                tree.Type,
                st.just(0),
                st.just("context"),
                st.tuples(*[inner] * len(names)),
                st.just(names),
            )
        ),
    )


TYPES = st.recursive(st.builds(tree.Type, st.just(0), _TYPE_NAME), _more_types, max_leaves=4)


def _operated(inner: _Nodes) -> _Nodes:
    def of(kind: Any, signs: str) -> _Nodes:
        return st.builds(kind, st.just(0), st.sampled_from(signs.split()), inner, inner)

    return st.one_of(
        of(tree.Arithmetic, "+ - * / **"),
        of(tree.Comparison, "= != < <= > >="),
        of(tree.Logic, "and or"),
        st.builds(tree.Negation, st.just(0), inner),
        st.builds(tree.Between, st.just(0), inner, inner, inner),
        st.builds(
            tree.In, st.just(0), inner, st.lists(_tested(inner), min_size=1, max_size=3).map(tuple)
        ),
        st.builds(tree.InstanceOf, st.just(0), inner, TYPES),
    )


def _tested(inner: _Nodes) -> _Nodes:
    signs = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    return inner | st.builds(tree.Test, st.just(0), signs, inner)


def _half(sign: str, end: Node) -> tree.Interval:
    nothing, closed = tree.Literal(0, None), sign in ("=", "<=", ">=")
    if sign in ("=", "!="):
        return tree.Interval(0, end, end, closed, closed, sign=sign)
    if sign in ("<", "<="):
        return tree.Interval(0, nothing, end, False, closed, sign=sign)
    return tree.Interval(0, end, nothing, closed, False, sign=sign)


def _called(inner: _Nodes) -> _Nodes:
    plain = st.builds(
        tree.Call, st.just(0), inner, st.lists(inner, max_size=3).map(tuple), st.none()
    )
    named = st.lists(_KEY, min_size=1, max_size=2, unique=True).flatmap(
        lambda names: st.builds(
            tree.Call, st.just(0), inner, st.tuples(*[inner] * len(names)), st.just(tuple(names))
        )
    )
    return plain | named


def _gathered(inner: _Nodes) -> _Nodes:
    entries = st.lists(_KEY, max_size=3, unique=True).flatmap(
        lambda keys: st.tuples(*(st.tuples(st.just(key), inner) for key in keys))
    )
    return st.one_of(
        st.builds(tree.Path, st.just(0), inner, _NAME),
        st.builds(tree.Filter, st.just(0), inner, inner),
        st.builds(tree.Items, st.just(0), st.lists(inner, max_size=3).map(tuple)),
        st.builds(tree.Entries, st.just(0), entries),
        st.builds(tree.Interval, st.just(0), inner, inner, st.booleans(), st.booleans()),
        st.builds(_half, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), inner),
        _called(inner),
    )


def _walked(inner: _Nodes) -> _Nodes:
    bare = st.builds(
        lambda start, end: tree.Interval(0, start, end, True, True, walk=True), inner, inner
    )
    names = st.sampled_from(["i", "j", "row", "b c"])
    walks = st.lists(st.tuples(names, inner | bare), min_size=1, max_size=2).map(tuple)
    parameters = st.lists(
        st.tuples(st.sampled_from(["p", "q", "b c"]), st.none() | TYPES), max_size=2
    )
    return st.one_of(
        st.builds(tree.If, st.just(0), inner, inner, inner),
        st.builds(tree.For, st.just(0), walks, inner),
        st.builds(tree.Quantified, st.just(0), st.booleans(), walks, inner),
        st.builds(
            lambda named, body: tree.Lambda(
                0, tuple(name for name, _ in named), tuple(of for _, of in named), body
            ),
            parameters,
            inner,
        ),
    )


NODES: _Nodes = st.recursive(
    _LITERAL | st.builds(tree.Name, st.just(0), _NAME),
    lambda inner: _operated(inner) | _gathered(inner) | _walked(inner),
    max_leaves=8,
)
CELLS: st.SearchStrategy[tree.Tests] = st.just(tree.Tests(0, (), False)) | st.builds(
    tree.Tests,
    st.just(0),
    st.lists(_tested(NODES), min_size=1, max_size=3).map(tuple),
    st.booleans(),
)


def bare(part: Any) -> Any:
    """A tree without the places in the text; values that are equal but differ stay apart."""
    if isinstance(part, tree.Literal) and isinstance(part.value, dt.date | dt.time | dt.timedelta):
        return type(part.value), temporal_text(part.value)
    if isinstance(part, Decimal):  # 1.50 is not 1.5, but 1E+3 is 1000
        return part, min(int(part.as_tuple().exponent), 0)
    if isinstance(part, Node):
        fields = dataclasses.fields(part)
        return type(part), *(bare(getattr(part, f.name)) for f in fields if f.name != "at")
    if isinstance(part, tuple):
        return tuple(map(bare, part))
    return type(part), part
