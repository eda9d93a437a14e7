"""A procedure as one thing: its files, its digest, its archive.

`Bundle.read` is the only reader of a procedure, whether folder or zip. It trusts nothing: no
links, no paths that climb, no archive that swells.
"""

import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath

from processes import jurisdictions, procedure
from processes.errors import BundleError
from processes.jurisdictions import Jurisdiction
from processes.procedure import Procedure
from processes.translations import Translations

MAX_FILES = 500
MAX_BYTES = 20_000_000
_KINDS = {
    ".toml", ".bpmn", ".dmn", ".csv", ".json", ".html", ".css", ".po", ".yaml", ".md", ".png",
    ".svg",
}  # fmt: skip
# The oldest moment that zip knows: an archive is the same bytes whenever it is made.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bundle:
    """All the files of one procedure, by their path inside its folder."""

    files: Mapping[str, bytes]

    @classmethod
    def read(cls, source: Path) -> "Bundle":
        """Read a folder or a .zip; BundleError names what cannot be accepted."""
        if source.is_dir():
            return cls(_folder(source))
        if source.is_file():
            return cls.unzip(source.read_bytes())
        raise BundleError(str(source), "there is no such folder or archive")

    @classmethod
    def unzip(cls, archive: bytes) -> "Bundle":
        """Read an archive that `zip` made, or a stranger's, with the same care."""
        try:
            with zipfile.ZipFile(BytesIO(archive)) as opened:
                return cls(_archive(opened))
        except zipfile.BadZipFile as error:
            raise BundleError("archive", f"it is not a zip file ({error})") from error

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hexadecimal over names and contents, whatever their order."""
        whole = sha256()
        for name in sorted(self.files):
            whole.update(sha256(name.encode()).digest() + sha256(self.files[name]).digest())
        return whole.hexdigest()

    @cached_property
    def procedure(self) -> Procedure:
        """procedure.toml as facts; BundleError names the key at fault."""
        try:
            return procedure.read(self.files["procedure.toml"])
        except KeyError as error:
            raise BundleError("procedure.toml", "the file is missing") from error

    @cached_property
    def jurisdiction(self) -> Jurisdiction | None:
        """The rules that the procedure names: those in its files, else as shipped; None: none."""
        name = self.procedure.jurisdiction
        file = f"{jurisdictions.FOLDER}{name}.toml"
        text = self.files.get(file) or jurisdictions.part(name)
        return jurisdictions.read(file, text) if text is not None else None

    @cached_property
    def translations(self) -> Translations:
        """The translations in locale/."""
        return Translations(self.files)

    def zip(self) -> bytes:
        """The bundle as an archive: the same files give the same bytes."""
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(self.files):
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), self.files[name])
        return target.getvalue()


def _checked(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise BundleError(name, "the path leaves the folder")
    if path.suffix not in _KINDS:
        raise BundleError(name, f"a procedure holds no {path.suffix or 'such'} file")
    return path.as_posix()


def _folder(folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise BundleError(name, "links are not followed; copy the file itself")
        if path.is_file() and "__pycache__" not in path.parts:
            found[_checked(name)] = path.read_bytes()
    return _capped(found)


def _archive(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise BundleError("archive", f"more than {MAX_FILES} files or {MAX_BYTES} bytes unpacked")
    found: dict[str, bytes] = {}
    for entry in entries:
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise BundleError(entry.filename, "links are not followed; pack the file itself")
        name = _checked(entry.filename)
        if name in found:
            raise BundleError(name, "the archive holds this name twice")
        with archive.open(entry) as stream:
            # One byte more than announced: an entry that lies about its size is caught here.
            content = stream.read(entry.file_size + 1)
        if len(content) != entry.file_size:
            raise BundleError(name, "the archive lies about the size of this file")
        found[name] = content
    return found


def _capped(files: dict[str, bytes]) -> dict[str, bytes]:
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_BYTES:
        raise BundleError("folder", f"more than {MAX_FILES} files or {MAX_BYTES} bytes")
    return files
