"""The documentation holds: links lead somewhere, pages name what the code has and no more."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
import yaml

import decisions.feel.builtins as builtins
from decisions import boxed, tables
from decisions.checking import findings
from decisions.feel.builtins.registry import BUILTINS
from engine.deployment import clock_texts, event_texts, model_texts, name_texts, sentences
from engine.deployment.findings import ERROR, WARNING
from engine.errors import CODES, Kind
from engine.history import violations
from engine.history.kinds import KINDS
from engine.operations import externals
from engine.operations.registry import SHIPPED
from engine.permissions import RULES
from engine.settings import SETTINGS, load
from engine.store.tables import metadata
from engine.version import VERSION
from engine.work import worker
from forms import documents as form_documents
from forms import formats
from forms.messages import MESSAGES
from tests.console.conftest import VERBS

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
REFERENCE = ROOT / "docs" / "reference"
EXIT = dict(zip(Kind, (2, 3, 4, 5, 6), strict=True))
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)


def read(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def rows(text: str) -> list[list[str]]:
    """The rows of all tables of a page, cell by cell."""
    lines = (line for line in text.splitlines() if line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def names(text: str) -> list[str]:
    """What stands between backticks in the first cell of the tables of a page."""
    return [name for row in rows(text) for name in re.findall(r"`([^`]+)`", row[0])]


def section(text: str, title: str) -> str:
    """A part of a page, from its heading to the next of the same depth."""
    return text.partition(f"## {title}")[2].partition("\n## ")[0]


# -- links and commands --


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in map(_anchor, headings), link


def _typed(code: str) -> Iterator[list[str]]:
    """The words of every command at the beginning of a line of code."""
    start = r"^\s*(?:\$ )?(?:MOUQATAA_\w+=\S+ )?((?:mouqataa|make)\b[^\n]*)"
    for line in re.findall(start, code, re.MULTILINE):
        yield re.split(r"\s+", line.split("#")[0].strip())


def _known(words: list[str]) -> bool:
    """Whether these words begin with a command that exists; global options may stand before it."""
    typed = [word for word in words[1:] if not word.startswith("-")]
    if words[1:2] == ["--as"]:
        typed = typed[1:]
    found = [" ".join(typed[:2]).rstrip(".,:;)"), typed[0].rstrip(".,:;)") if typed else ""]
    return not typed or any(name in VERBS for name in found)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_of_a_page_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    fenced = (part for part in FENCE.findall(text) if not part.lstrip().startswith("```ini"))
    for words in _typed("\n".join([*fenced, *re.findall(r"`((?:mouqataa|make) [^`]+)`", text)])):
        known = words[1] in targets if words[0] == "make" else _known(words)
        assert known, " ".join(words)


@pytest.mark.parametrize("code", CODES)
def test_every_command_of_a_remedy_exists(code: str) -> None:
    for words in _typed(CODES[code].remedy.replace("mouqataa ", "\nmouqataa ")):
        assert _known(words), " ".join(words)


def test_every_page_is_reached_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(
        index.read_text(encoding="utf-8")) if "://" not in link}  # fmt: skip
    pages = {page for page in PAGES if page.is_relative_to(ROOT / "docs")} - {index}
    assert pages <= linked


# -- reference pages --


def test_every_error_is_told_as_the_code_has_it() -> None:
    told = {row[0].strip("`"): row[1:] for row in rows(read("errors.md")) if "`" in row[0]}
    assert told == {code: [entry.message, entry.remedy] for code, entry in CODES.items()}
    for kind in Kind:
        part = section(read("errors.md"), f"{kind.value}: exit {EXIT[kind]}")
        assert set(names(part)) == {code for code, entry in CODES.items() if entry.kind is kind}


def test_every_finding_of_a_check_of_the_database_is_told_as_the_code_has_it() -> None:
    told = {row[0].strip("`"): row[1] for row in rows(read("checks.md")) if "`" in row[0]}
    assert told == {code: message for code, (message, _) in violations.MESSAGES.items()}


@pytest.mark.parametrize("code", violations.MESSAGES)
def test_every_command_of_a_finding_exists(code: str) -> None:
    for words in _typed(violations.MESSAGES[code][1].replace("mouqataa ", "\nmouqataa ")):
        assert _known(words), " ".join(words)


def test_every_fault_of_a_field_is_named() -> None:
    part = section(read("errors.md"), "Fields of a form")
    assert set(re.findall(r"`([a-zA-Z-]+)`", part.splitlines()[-1])) == set(MESSAGES)


def test_the_table_of_permissions_is_the_table() -> None:
    told = {row[0].strip("`"): row[1:5] for row in rows(read("permissions.md")) if "`" in row[0]}
    standing = ("staff", "administrator", "auditor", "system")
    assert told == {
        command: ["yes" if role in rule else "–" for role in standing]
        for command, rule in RULES.items()
    }


def test_every_refusal_of_deployment_is_named() -> None:
    found = set(names(section(read("bpmn.md"), "Refusals")))
    assert found == _refusals()


def test_every_finding_on_clocks_and_law_is_told_with_how_grave_it_is() -> None:
    told = {row[0].strip("`"): row[2] for row in rows(section(read("law.md"), "Findings"))[2:]}
    grave = {WARNING: "warning", ERROR: "refused"}
    assert told == {code: grave[sentences.severity(code)] for code in clock_texts.MESSAGES}


def _refusals() -> set[str]:
    """The codes of all findings in engine/deployment."""
    told = (*event_texts.MESSAGES, *model_texts.MESSAGES, *name_texts.MESSAGES)
    found = {sentence.partition("/")[0] for sentence in told}
    for path in (ROOT / "engine" / "deployment").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                place = 2 if called == "Finding" else 1 if called.endswith(".finding") else None
                code = node.args[place] if place and len(node.args) > place else None
                if isinstance(code, ast.Constant):
                    found.add(str(code.value))
    return found


def _typed_names(cell: str) -> dict[str, str]:
    """The names of a cell with the types beside them."""
    found = re.findall(r"`(\w+)` (list<string>|string or context|date and time|\w+)", cell)
    return {name: kind.replace(" or ", " | ") for name, kind in found}


def test_every_operation_is_told_with_its_inputs_and_answers() -> None:
    page = read("operations.md").partition("## Calls")[0]
    told = {row[0].strip("`"): row[1:] for row in rows(page) if "`" in row[0]}
    assert set(told) == set(SHIPPED)
    for name, operation in SHIPPED.items():
        where, inputs, gives = told[name]
        needed, _, others = inputs.partition("; optional")
        sure, _, perhaps = gives.partition("; perhaps")
        assert where == ("inside" if operation.inside else "outside")
        assert _typed_names(needed) == operation.takes.required
        assert _typed_names(others) == operation.takes.optional
        assert ("any others" in inputs) == operation.takes.open
        assert _typed_names(sure) == operation.gives.required
        assert _typed_names(perhaps) == operation.gives.optional


def test_every_call_is_told_with_its_policy_its_settings_and_its_errors() -> None:
    page = section(read("operations.md"), "Calls")
    told = {row[0].strip("`"): row[1:] for row in rows(page) if "`" in row[0]}
    assert set(told) == {name for name, operation in SHIPPED.items() if operation.call}
    bare = load(environ={"MOUQATAA_DATA": "/nowhere"})
    for name, (repeated, *numbers, needed, errors) in told.items():
        operation = SHIPPED[name]
        retry = operation.retry
        assert repeated == ("yes" if operation.idempotent else "no")
        assert list(map(int, numbers)) == [
            retry.attempts, retry.first, retry.longest, retry.timeout
        ]  # fmt: skip
        lacking = tuple(name.removeprefix("secret ") for name in operation.check_config(bare))
        assert tuple(re.findall(r"`(\w+)`", needed)) == lacking
        codes = set(re.findall(r"`([\w.]+)`", errors))
        assert codes <= operation.errors
        assert codes == operation.errors or codes == {min(operation.errors), max(operation.errors)}


def test_every_function_of_feel_is_told_with_its_parameters() -> None:
    for module in iter_modules(builtins.__path__):
        import_module(f"{builtins.__name__}.{module.name}")
    signatures = set()
    for name, builtin in BUILTINS.items():
        for overload in builtin.overloads:
            given = (p.name + "..." * p.rest + "?" * p.optional for p in overload.parameters)
            signatures.add(f"{name}({', '.join(given)})")
    assert set(names(section(read("feel.md"), "Functions"))) == signatures


def test_every_code_of_an_expression_is_in_the_reference() -> None:
    raised: set[str] = set()
    for file in (ROOT / "decisions").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        raised |= set(re.findall(r'"(expression-[a-z]+)"', text))
        raised |= {f"expression-{what}" for what in re.findall(r'_exceeded\("([a-z]+)"', text)}
    limits = section(read("feel.md"), "Limits")
    assert set(re.findall(r"`(expression-[a-z]+)`", limits)) == raised


def test_every_boxed_expression_and_hit_policy_is_named() -> None:
    page = read("dmn.md")
    assert set(names(section(page, "Tables"))) == set(tables._NAMED)
    listed = page.partition("Boxed expressions:")[2].partition(". ")[0]
    assert set(re.findall(r"`(\w+)`", listed)) == set(boxed._MAKERS)
    assert all(f"`{name}`" in page for name in tables._AGGREGATIONS)


def test_every_finding_of_a_check_is_named() -> None:
    page = section(read("dmn.md"), "Before it is deployed")
    assert set(names(page)) == set(findings.MESSAGES)


def test_every_word_and_format_of_forms_is_named() -> None:
    page = read("forms.md")
    assert set(names(section(page, "Our words"))) == set(form_documents.WORDS)
    assert set(names(section(page, "Answers"))) == set(formats.FORMATS)
    parts = {path.name for path in (ROOT / "forms" / "shared").glob("*.json")}
    assert set(re.findall(r"shared/(\w+\.json)", section(page, "Shared parts"))) == parts


def test_every_key_of_procedure_toml_is_named() -> None:
    asked = set()
    tree = ast.parse((ROOT / "processes" / "procedure.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            reads = {"text", "texts", "get", "day", "amount", "table", "tables", "named", "given"}
            first = node.args[0]
            if node.func.attr in reads and isinstance(first, ast.Constant):
                asked.add(first.value)
    asked |= {"data", "retention", "subject", "clock", "facts", "form", "kind", "verified"}
    page = section(read("procedure-folder.md"), "procedure.toml")
    told = set(re.findall(r"\[\[?(\w+)[\].]", page))
    for name in names(page):
        told |= set(name.split(".")) - {"KEY", "KIND", "NAME"}
    assert asked <= told
    assert told - asked - {"roles", "certificates", "registers"} == set()


def test_every_table_and_job_is_named() -> None:
    page = read("data.md")
    assert set(names(section(page, "Tables"))) - {"identifier"} == set(metadata.tables)
    kinds = {*worker._KINDS, externals.KIND}
    assert set(re.findall(r"`(\w+\.\w+)`", page.partition("Kinds of jobs")[2])) == kinds


def test_every_kind_of_event_is_named() -> None:
    headings = re.findall(r"^#+ `?([a-z]+\.[a-z]+)`?", read("events.md"), re.MULTILINE)
    assert set(headings) == set(KINDS)


def test_every_setting_is_named() -> None:
    assert set(names(read("settings.md"))) == set(SETTINGS)


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = project["dependencies"] + extras["postgresql"] + extras["holidays"]
    packages = {re.split(r"[\[<>=~ ]", line)[0] for line in needed}
    assert set(names(read("dependencies.md"))) == packages


# -- the file that catalogues read --


def test_publiccode_has_the_keys_of_its_standard_but_for_the_address_to_come() -> None:
    found = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    keys = {"publiccodeYmlVersion", "name", "platforms", "developmentStatus", "softwareType"}
    assert keys <= set(found)
    assert found["softwareVersion"] == VERSION
    assert found["legal"]["license"] == "Apache-2.0"
    assert found["maintenance"]["contacts"][0]["name"]
    assert set(found["localisation"]) == {"localisationReady", "availableLanguages"}
    for told in found["description"].values():
        assert len(told["shortDescription"]) <= 150 <= len(told["longDescription"])
        assert told["features"]
