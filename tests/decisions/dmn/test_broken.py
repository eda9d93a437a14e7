"""Models that are broken at random: a DecisionError or a model, and nothing else; so with values.

A model is changed here and there, as a slip or a foreign tool would change it.
"""

import copy
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from decisions import dmn
from decisions.errors import DecisionError
from tests.decisions import models

WHOLE = [
    (Path(__file__).parent / "stall_licences.dmn").read_bytes(),
    models.model(
        models.given("x", "number"),
        models.decision("A", models.text("x"), ["#i_x"], "number"),
        models.function("f", {"n": "number"}, models.table("FIRST", ["n"], [("1", "2")])),
        models.service("S", ["A"], ["x"]),
        models.decision("B", models.text("S(f(1))"), ["!#S", "!#f"]),
        '<import name="p" namespace="urn:p" importType="urn:DMN"/>',
        models.decision("C", models.text("p.D"), ["urn:p#D"]),
    ),
]
OTHER = models.model(models.decision("D", models.text("1")), namespace="urn:p")
ATTRIBUTES = (
    "typeRef", "isCollection", "hitPolicy", "aggregation", "href", "name", "id", "kind",
    "expressionLanguage", "iteratorVariable", "outputTypeRef", "namespace", "importType",
)  # fmt: skip
TEXTS = (
    "", "x", "-", "not(", "1", "string", "tKind", "Any", "FIRST", "OUTPUT ORDER", "COLLECT", "SUM",
    "true", "#", "#Fee", "a#b", "?", "null", '"a"', "[1..", "f(", "\n", "function(x) x", "1..10",
    "{a: 1}", "item", "partial", "a b", "feel:number", "x:y:z", "urn:model", "Java",
)  # fmt: skip
CHANGES = ("delete", "double", "attribute", "drop", "text", "tag", "append")
VALUES = (
    None, True, "a", Decimal(1), Decimal("NaN"), [], [Decimal(1)], {}, {"a": Decimal(1)},
    dt.date(2026, 1, 1), dt.timedelta(1), dt.time(1), dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
)  # fmt: skip


def _change(draw: Any, root: Any) -> None:
    nodes = [node for node in root.iter() if isinstance(node.tag, str)]
    pick = st.integers(0, len(nodes) - 1)
    node, other = nodes[draw(pick)], nodes[draw(pick)]
    above = node.getparent()
    match draw(st.sampled_from(CHANGES)):
        case "delete" if above is not None:
            above.remove(node)
        case "double" if above is not None:
            above.append(copy.deepcopy(node))
        case "attribute":
            key = draw(st.sampled_from(ATTRIBUTES))
            node.set(key, draw(st.sampled_from((*TEXTS, other.get(key) or ""))))
        case "drop" if node.attrib:
            del node.attrib[draw(st.sampled_from(sorted(node.attrib)))]
        case "text":
            node.text = draw(st.sampled_from((*TEXTS, other.text or "")))
        case "tag":
            node.tag = other.tag
        case "append":
            node.append(copy.deepcopy(other))


@st.composite
def broken(draw: Any) -> bytes:
    """A model with one to four changes."""
    root = etree.fromstring(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(1, 4))):
        _change(draw, root)
    return etree.tostring(root)


@settings(max_examples=400, deadline=None)
@given(broken(), st.data())
def test_a_broken_model_raises_nothing_but_its_own_errors(xml: bytes, data: Any) -> None:
    try:
        model = dmn.read(xml, [OTHER])
    except DecisionError as error:
        assert str(error)  # noqa: PT017 (or it is a model)
        return
    assert all(fault.place for fault in model.faults)
    for found in (*model.decisions.values(), *model.functions.values()):
        values = {name: data.draw(st.sampled_from(VALUES)) for name in sorted(found.names)}
        try:
            found.evaluate(values)
        except DecisionError as error:
            assert error.remedy  # noqa: PT017 (or it has a value)
