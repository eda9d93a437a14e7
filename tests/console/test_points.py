"""The forty points of docs/reference/cli-conventions.md: each has its test, which is there."""

import json
import re
from pathlib import Path

from tests.console.conftest import Call

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent.parent / "docs/reference/cli-conventions.md"
ROW = re.compile(r"^\| C(\d+) \| .+ \| `(test_\w+\.py)`: (.+) \|$", re.MULTILINE)


def test_every_point_is_held_by_a_test_that_exists() -> None:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert [int(number) for number, _, _ in rows] == list(range(1, 41))
    for _, file, words in rows:
        name = "test_" + words.replace(" ", "_")
        assert f"def {name}(" in (FOLDER / file).read_text(encoding="utf-8"), name


def test_the_version_is_told_with_its_parts(call: Call) -> None:
    assert re.fullmatch(r"mouqataa \d+\.\d+\.\d+\n", call("--version").stdout)
    parts = json.loads(call("--version", "--json").stdout)
    assert set(parts) == {"mouqataa", "python", "sqlite", "spiffworkflow", "schema"}
    assert parts["spiffworkflow"].startswith("3.2.")
