"""The floors of the house: an import never goes up, one place owns each library, one commits."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("console", "engine", "processes", "decisions", "forms", "documents", "migrations")

# From the top down; a module may import from its own line and the lines below, except that the
# names on one line do not know each other (EQUALS may).
FLOORS = [
    ["cli", "console"],
    ["engine.work"],
    ["engine.engine", "engine.commands"],
    ["engine.operations"],
    ["engine.transaction", "engine.permissions"],
    ["engine.history", "engine.rehearsal"],
    ["engine.deployment"],
    ["engine.runtime", "engine.store"],
    ["engine.errors", "engine.codes", "engine.i18n", "engine.settings", "engine.version"],
    ["processes", "decisions", "forms", "documents"],
]
# cli names the groups of console; the engine's word for a command is a module of commands; the
# transaction knows who acts; errors, texts and settings are one floor of small tables.
EQUALS = [
    {"cli", "console"},
    {"engine.engine", "engine.commands"},
    {"engine.transaction", "engine.permissions"},
    {"engine.codes", "engine.errors", "engine.i18n", "engine.settings", "engine.version"},
]
OWNERS = {
    "SpiffWorkflow": ("engine.runtime",),
    "sqlalchemy": ("engine.store", "engine.engine", "migrations"),
    "alembic": ("engine.store", "migrations"),
    "weasyprint": ("documents",),
    "jinja2": ("documents", "engine.deployment"),
    "jsonschema_rs": ("forms",),
    "click": ("cli", "console"),
}
LONGEST_FILE = 400


def modules() -> dict[str, Path]:
    found = {"cli": ROOT / "cli.py"}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            found[".".join(path.relative_to(ROOT).with_suffix("").parts)] = path
    return found


MODULES = modules()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES or f"{whole}.__init__" in MODULES else node.module


def inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def floor(module: str) -> tuple[int, str] | None:
    for number, names in enumerate(FLOORS):
        for name in names:
            if inside(module, name):
                return number, name
    return None


def goes_up(importer: str, imported: str) -> bool:
    here, there = floor(importer), floor(imported)
    if here is None or there is None or here[1] == there[1]:
        return False
    if any({here[1], there[1]} <= equals for equals in EQUALS):
        return False
    return there[0] <= here[0]


@pytest.mark.parametrize("module", MODULES)
def test_an_import_never_goes_up(module: str) -> None:
    wrong = [name for name in imports(MODULES[module]) if goes_up(module, name)]
    assert wrong == []


def test_the_test_of_floors_can_fail() -> None:
    assert goes_up("engine.store.store", "engine.commands.cases")
    assert goes_up("forms.form", "decisions.expressions")
    assert not goes_up("console.case", "engine.commands.cases")


@pytest.mark.parametrize("library", OWNERS)
def test_one_place_owns_each_library(library: str) -> None:
    users = [m for m, path in MODULES.items() if any(inside(i, library) for i in imports(path))]
    strangers = [m for m in users if not any(inside(m, owner) for owner in OWNERS[library])]
    assert users, f"nobody uses {library}"
    assert strangers == []


def calls(name: str) -> set[str]:
    """The modules that call a method of this name."""
    return {
        module
        for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
    }


def test_only_the_engine_begins_and_ends_transactions() -> None:
    # A schema upgrade is the one other writer: it runs before there is an engine.
    assert calls("begin") <= {"engine.engine"}
    assert calls("commit") <= {"engine.store.schema"}


def test_only_the_engine_reads_the_clock() -> None:
    assert calls("now") | calls("today") | calls("utcnow") <= {"engine.engine"}


def test_every_module_of_the_engine_has_its_floor() -> None:
    homeless = {m for m in MODULES if floor(m) is None and not inside(m, "migrations")}
    assert homeless <= {"engine.__init__"}


@pytest.mark.parametrize("package", ["engine", "processes", "decisions", "forms", "documents"])
def test_packages_export_nothing(package: str) -> None:
    for path in (ROOT / package).rglob("__init__.py"):
        assert path.read_text(encoding="utf-8") == "", path


@pytest.mark.parametrize("module", MODULES)
def test_files_are_short(module: str) -> None:
    lines = MODULES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE or module.startswith("migrations.versions")
