"""What is shipped is whole: every file of every package, and it runs where no checkout is."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.version import VERSION
from tests.test_architecture import PACKAGES

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("CI")
        and (find_spec("hatchling") is None or not (ROOT / ".git").exists()),
        reason="needs hatchling and a git checkout",
    ),
]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints; it sees no setting and no path of the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=kept | environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tracked() -> frozenset[str]:
    """The files of the repository."""
    names = run("git", "ls-files", "-z", cwd=ROOT).split("\0")
    return frozenset(name for name in names if name and (ROOT / name).is_file())


@pytest.fixture(scope="module")
def built(tracked: frozenset[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that was built from it."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in tracked:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, source / name)
    run(sys.executable, "-m", "build", "--no-isolation", "-o", target, source, cwd=target)
    return target


@pytest.fixture(scope="module")
def program(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command, in an environment that has the libraries and no checkout."""
    home = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home)
    python = home / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index",
        "--no-deps", next(built.glob("*.whl")), cwd=home)  # fmt: skip
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))",
                   cwd=home).strip())  # fmt: skip
    # A folder named so is searched, and its own .pth files (the checkout) are not read.
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home / "bin" / "mouqataa"


def test_the_wheel_holds_every_file_of_every_package(built: Path, tracked: frozenset[str]) -> None:
    with ZipFile(next(built.glob("*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    expected = {name for name in tracked if name.split("/")[0] in {*PACKAGES, "cli.py"}}
    assert names == expected


def test_the_wheel_brings_its_licences(built: Path) -> None:
    with ZipFile(next(built.glob("*.whl"))) as wheel:
        licences = {name.partition("/licenses/")[2] for name in wheel.namelist()}
    assert licences >= {"LICENSE", "documents/fonts/OFL.txt"}


def test_the_source_archive_holds_the_repository(built: Path, tracked: frozenset[str]) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
    assert tracked - names == set()


def test_the_installed_program_is_not_the_checkout(program: Path, tmp_path: Path) -> None:
    where = run(
        program.parent / "python", "-c",
        "import cli, console, decisions, documents, engine, forms, migrations, processes\n"
        "found = {m.__path__[0] for m in (console, decisions, documents, engine, forms)}\n"
        "print(*found, cli.__file__)",
        cwd=tmp_path,
    )  # fmt: skip
    assert str(ROOT) not in where
    assert run(program, "--version", cwd=tmp_path).strip() == f"mouqataa {VERSION}"


def test_the_installed_program_plays_the_demonstration_from_any_folder(
    program: Path, tmp_path: Path
) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    elsewhere.mkdir()
    told = run(program, "demo", cwd=elsewhere, MOUQATAA_DATA=str(data))
    assert "SPECIMEN" in told
    assert list((data / "files" / "certificates").glob("*.pdf"))
    listed = run(
        program, "--as", "nadia", "procedure", "list", cwd=elsewhere, MOUQATAA_DATA=str(data)
    )
    assert "signature_legalisation" in listed
    assert list(elsewhere.iterdir()) == []


def test_the_installed_program_speaks_its_languages_and_finds_its_catalogue(
    program: Path, tmp_path: Path
) -> None:
    for language, word in (("fr", "Aucun défaut"), ("en", "No fault"), ("ar", "لا عيب")):
        told = run(
            program, "--lang", language, "procedure", "check", "certified_copy", cwd=tmp_path
        )
        assert word in told, told
