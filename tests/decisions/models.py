"""Decision models as the tests of this folder write them."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

NAMESPACES = {
    "1.1": "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}


def model(*elements: str, namespace: str = "urn:model", version: str = "1.5") -> bytes:
    """A file of these elements."""
    inside = "".join(elements)
    head = f'<definitions xmlns="{NAMESPACES[version]}" name="M" namespace="{namespace}"'
    feel = 'xmlns:feel="http://www.omg.org/spec/FEEL/20140401"'
    return f"{head} {feel}>{inside}</definitions>".encode()


def text(source: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(source)}</text></literalExpression>"


def given(name: str, kind: str = "") -> str:
    """An input data."""
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<inputData id="i_{name}" name="{name}"><variable name="{name}"{typed}/></inputData>'


def decision(name: str, body: str, requires: Iterable[str] = (), kind: str = "") -> str:
    """A decision whose id is its name; `requires` are hrefs, those of functions with a `!`."""
    typed = f' typeRef="{kind}"' if kind else ""
    needs = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="{href[1:]}"/></knowledgeRequirement>'
        if href.startswith("!")
        else f'<informationRequirement><requiredDecision href="{href}"/></informationRequirement>'
        for href in requires
    )
    variable = f'<variable name="{name}"{typed}/>'
    return f'<decision id="{name}" name="{name}">{variable}{needs}{body}</decision>'


def function(name: str, parameters: dict[str, str], body: str, kind: str = "") -> str:
    """A business knowledge model whose id is its name."""
    typed = f' typeRef="{kind}"' if kind else ""
    formal = "".join(
        f'<formalParameter name="{key}" typeRef="{of}"/>' for key, of in parameters.items()
    )
    logic = f"<encapsulatedLogic>{formal}{body}</encapsulatedLogic>"
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"{typed}/>'
        f"{logic}</businessKnowledgeModel>"
    )


def service(
    name: str, outputs: Iterable[str], inputs: Iterable[str] = (), decisions: Iterable[str] = ()
) -> str:
    """A decision service whose id is its name."""
    inside = "".join(f'<outputDecision href="#{key}"/>' for key in outputs)
    inside += "".join(f'<inputDecision href="#{key}"/>' for key in decisions)
    inside += "".join(f'<inputData href="#i_{key}"/>' for key in inputs)
    return f'<decisionService id="{name}" name="{name}">{inside}</decisionService>'


def table(
    policy: str, inputs: Iterable[str], rules: Iterable[tuple[str, ...]], output: str = ""
) -> str:
    """A table of one output `out`; the last cell of a rule is its result; `output` its inside."""
    columns = "".join(
        f"<input><inputExpression><text>{escape(source)}</text></inputExpression></input>"
        for source in inputs
    )
    rows = "".join(
        f'<rule id="r{number}">'
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells)
        + f"<outputEntry><text>{escape(result)}</text></outputEntry>"
        + f"<annotationEntry><text>note {number}</text></annotationEntry></rule>"
        for number, (*cells, result) in enumerate(rules, 1)
    )
    head = f'<decisionTable hitPolicy="{policy}">{columns}<output name="out">{output}</output>'
    return f"{head}{rows}</decisionTable>"
