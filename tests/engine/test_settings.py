"""Settings: layers, origins, refusals, secrets."""

from pathlib import Path

import pytest

from engine import settings
from engine.settings import SETTINGS, Settings, SettingsError, load


@pytest.fixture
def layered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a system, a user and a project file that are not there yet."""
    monkeypatch.setattr(settings, "SYSTEM_FILE", tmp_path / "system.toml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def environ(folder: Path, **more: str) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(folder / "home"), "MOUQATAA_DATA": str(folder), **more}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_layer_beats_the_one_below_and_is_named(layered: Path) -> None:
    name, around = "verify_url", environ(layered)

    def now(**more: str) -> tuple[str, str]:
        found = load(environ=around | more)
        return found.verify_url, found.origin(name)

    assert now() == (SETTINGS[name].default, "default")
    system = write(layered / "system.toml", 'verify_url = "https://system/"')
    assert now() == ("https://system/", str(system))
    user = write(layered / "home/mouqataa/config.toml", 'verify_url = "https://user/"')
    assert now() == ("https://user/", str(user))
    project = write(layered / "mouqataa.toml", 'verify_url = "https://project/"')
    assert now() == ("https://project/", str(project))
    named = write(layered / "named.toml", 'verify_url = "https://named/"')
    assert now(MOUQATAA_CONFIG=str(named)) == ("https://named/", str(named))
    assert now(MOUQATAA_VERIFY_URL="https://env/") == ("https://env/", "MOUQATAA_VERIFY_URL")
    flagged = load(named, around | {"MOUQATAA_VERIFY_URL": "x"}, {name: "https://flag/"})
    assert (flagged.verify_url, flagged.origin(name)) == ("https://flag/", "flag")


def test_an_unknown_setting_is_refused_with_the_nearest_name(layered: Path) -> None:
    write(layered / "mouqataa.toml", 'databse = "x"')
    with pytest.raises(SettingsError) as caught:
        load(environ=environ(layered))
    assert "databse" in str(caught.value)
    assert caught.value.details["near"] == "database"


@pytest.mark.parametrize(
    "text", ["data = ", 'language = "de"', "lease_seconds = 0", "lease_seconds = true", "\udcff"]
)
def test_a_file_that_cannot_be_used_is_named(layered: Path, text: str) -> None:
    file = layered / "mouqataa.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError) as caught:
        load(environ=environ(layered))
    assert str(file) in str(caught.value)


def test_a_file_that_was_named_must_be_there(layered: Path) -> None:
    with pytest.raises(SettingsError):
        load(layered / "none.toml", environ(layered))


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "fr"),
        ({"LANG": "ar_MA.UTF-8"}, "ar"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "ar_MA.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "en_GB.UTF-8", "MOUQATAA_LANGUAGE": "ar"}, "ar"),
    ],
)
def test_the_locale_gives_the_language_where_no_setting_does(
    layered: Path, variables: dict[str, str], expected: str
) -> None:
    assert load(environ=environ(layered, **variables)).language == expected


def test_an_address_may_lie_in_a_file_and_its_password_is_never_shown(layered: Path) -> None:
    address = "postgresql://mouqataa:hush@db/mouqataa"
    secret = write(layered / "address", f"{address}\n")
    found = load(environ=environ(layered, MOUQATAA_DATABASE_FILE=str(secret)))
    assert found.database == address
    assert found.origin("database") == str(secret)
    assert found.shown("database") == "postgresql://mouqataa:***@db/mouqataa"
    write(layered / "mouqataa.toml", f'database_file = "{secret}"')
    assert load(environ=environ(layered)).database == address
    assert load(environ=environ(layered, MOUQATAA_DATABASE="sqlite:///x")).database == "sqlite:///x"


def test_all_lies_below_the_data_folder_unless_told_otherwise(layered: Path) -> None:
    found = load(environ=environ(layered))
    for path in (found.files, found.keys, found.logs, found.database.removeprefix("sqlite:///")):
        assert Path(path).parent == layered


def test_every_setting_has_a_field_and_a_meaning() -> None:
    fields = set(Settings.__dataclass_fields__) - {"origins"}
    assert fields == set(SETTINGS)
    assert all(setting.meaning for setting in SETTINGS.values())


def test_secrets_are_read_by_name_and_never_shown(tmp_path: Path) -> None:
    file = write(tmp_path / "secrets.toml", '[a]\nvalue = "s3cret"\nhosts = ["H.example"]\n')
    settings = load(environ=environ(tmp_path))
    kept = settings.secrets()["a"]
    assert (kept.value, kept.hosts) == ("s3cret", {"h.example"})
    assert "s3cret" not in repr(kept)
    for wrong in ("[a", 'a = "s3cret"', '[a]\nvalue = "s3cret"', "[a]\nvalue = 1\nhosts = []"):
        write(file, wrong)
        with pytest.raises(SettingsError) as caught:
            settings.secrets()
        assert str(file) in str(caught.value)
        assert "s3cret" not in str(caught.value)
    file.unlink()
    assert settings.secrets() == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [("mail_server", "smtp"), ("mail_server", "u@h:25"), ("mail_security", "ssl"),
     ("mail_from", "guichet"), ("mail_from", "a@b\r\nBcc: c@d")],
)  # fmt: skip
def test_a_setting_of_mail_that_cannot_be_is_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load(environ=environ(tmp_path, **{f"MOUQATAA_{name.upper()}": value}))


def test_a_password_is_not_said_in_the_open(tmp_path: Path) -> None:
    given = {"MOUQATAA_MAIL_USER": "a", "MOUQATAA_MAIL_SECURITY": "none"}
    with pytest.raises(SettingsError, match="mail_security"):
        load(environ=environ(tmp_path, **given))


def test_lists_of_hosts_are_lists_in_a_file(layered: Path) -> None:
    write(layered / "mouqataa.toml", 'service_hosts = ["A.example", "b.example:8443"]')
    assert load(environ=environ(layered)).service_hosts == ("a.example", "b.example:8443")
