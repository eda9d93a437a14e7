"""Where things lie and who may do what on this machine: read once, at the door, and passed in.

Layers, each over the one before: defaults, the system's file, the user's file, the project's file
(`mouqataa.toml` in the current folder, or the one that `--config` names), the environment
(`MOUQATAA_DATABASE`), the flags of the command. `Settings.origin` tells where a value came from.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LANGUAGES = ("fr", "ar", "en")
CHANNELS = ("mail", "sms")
SYSTEM_FILE = Path("/etc/mouqataa/config.toml")
PROJECT_FILE = "mouqataa.toml"
PREFIX = "MOUQATAA_"


class SettingsError(Exception):
    """A setting that is not known or cannot be read: English msgids with `{named}` details."""

    def __init__(self, message: str, remedy: str, **details: Any) -> None:
        super().__init__(message.format(**details))
        self.message, self.remedy, self.details = message, remedy, details


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its default (`{data}` stands for the data folder) and what it means."""

    name: str
    default: str
    meaning: str
    secret: bool = False


_ALL = (
    Setting("data", "", "folder that holds the rest; empty: the user's data folder"),
    Setting("database", "sqlite:///{data}/mouqataa.db",
            "address of the database: sqlite:///… or postgresql://…, with several hosts too",
            secret=True),
    Setting("database_file", "",
            "file whose first line is the address of the database, for addresses with a password"),
    Setting("database_pool", "5", "connections to PostgreSQL that a process keeps"),
    Setting("database_overflow", "5", "connections more that it opens while it needs them"),
    Setting("database_pool_seconds", "10",
            "how long a command waits for a connection while all are in use, in seconds"),
    Setting("database_connect_seconds", "5",
            "how long a server may take to accept a connection, in seconds; each server in turn"),
    Setting("database_silence_seconds", "30",
            "after how many seconds without a sign a server counts as gone"),
    Setting("database_retry_seconds", "30",
            "how long a command tries again while no server can be reached, in seconds; 0: once"),
    Setting("database_statement_seconds", "30",
            "how long a statement of a command or a question may take; 0: no limit"),
    Setting("database_survey_seconds", "3600",
            "how long a statement of a check of the whole database may take; 0: no limit"),
    Setting("database_lock_seconds", "5",
            "how long a command waits for another's lock before it begins anew; 0: no limit"),
    Setting("database_idle_seconds", "60",
            "after how many seconds in which a command asks nothing its locks are taken away"),
    Setting("database_replica", "",
            "address of a copy of PostgreSQL that answers lists and histories; empty: none",
            secret=True),
    Setting("database_replica_seconds", "5",
            "how far behind, in seconds, what the copy answers may be"),
    Setting("files", "{data}/files", "folder of attachments and issued certificates"),
    Setting("keys", "{data}/keys", "folder of signing keys"),
    Setting("logs", "{data}/logs", "folder of the detailed log of unexpected errors"),
    Setting("language", "fr", "language of messages: fr, ar or en; before it, the locale decides"),
    Setting("time_zone", "Africa/Casablanca", "time zone in which times are shown"),
    Setting("actor", "", "who acts where --as is not given; empty: your system account"),
    Setting("act_as", "",
            "system accounts that may use --as, or * for all; a specimen database lets all"),
    Setting("verify_url", "https://verify.example/",
            "what the code on a certificate is appended to"),
    Setting("lease_seconds", "60",
            "how long a worker holds a job before another may take it, in seconds"),
    Setting("message_keep", "P0D",
            "how long a message that a person sends is kept where nobody waits; P0D: not"),
    Setting("service_hosts", "",
            "hosts that operations may call: host, host:port or *.domain; empty: none"),
    Setting("private_hosts", "",
            "hosts that operations may call at private addresses, and without encryption"),
    Setting("authorities_file", "",
            "file (PEM) of certificate authorities that are trusted besides the machine's"),
    Setting("secrets_file", "{data}/secrets.toml",
            "file of the secrets that operations use by name, each for hosts of its own"),
    Setting("digest_hour", "8",
            "hour of the city, 0 to 23, at which digests of notices are sent on working days"),
    Setting("mail_server", "", "server that sends mail: host:port; empty: no mail is sent"),
    Setting("mail_security", "starttls",
            "how mail is encrypted on its way to the server: starttls, tls or none"),
    Setting("mail_from", "", "address from which mail is sent"),
    Setting("mail_user", "", "account at the mail server; its password is the secret `mail`"),
    Setting("sms_url", "",
            "gateway of text messages; {to}, {text}, {sender} and {key} may stand in it"),
    Setting("sms_body", '{"to": "{to}", "from": "{sender}", "text": "{text}"}',
            "what is sent to it, JSON or a=b&c=d, with the same blanks; empty: a GET"),
    Setting("sms_sender", "", "who the message is from, as the gateway knows it"),
    Setting("sms_country", "212", "calling code of numbers that begin with 0"),
    Setting("sms_key_header", "",
            "header by which the gateway knows a message again; empty: it does not"),
    Setting("payment_url", "",
            "gateway of payments; it and its notices use the secret `payment`"),
)  # fmt: skip
_LISTS = frozenset({"act_as", "service_hosts", "private_hosts"})
_SECURITY = ("starttls", "tls", "none")
# Whole numbers, with the least that each may be, and the most of those that have one.
_WHOLE: Mapping[str, int] = {
    "lease_seconds": 1, "database_pool": 1, "database_overflow": 0, "database_pool_seconds": 1,
    "database_connect_seconds": 2, "database_silence_seconds": 1, "database_retry_seconds": 0,
    "database_statement_seconds": 0, "database_survey_seconds": 0, "database_lock_seconds": 0,
    "database_idle_seconds": 0, "database_replica_seconds": 1,
    "digest_hour": 0,
}  # fmt: skip
_MOST: Mapping[str, int] = {"digest_hour": 23}
SETTINGS: Mapping[str, Setting] = {setting.name: setting for setting in _ALL}


@dataclass(frozen=True, slots=True)
class Secret:
    """What an operation shows or signs with, and the hosts that it is for."""

    value: str = field(repr=False)
    hosts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, complete."""

    data: Path
    database: str
    database_file: str
    files: Path
    keys: Path
    logs: Path
    language: str
    time_zone: str
    actor: str
    act_as: tuple[str, ...]
    verify_url: str
    lease_seconds: int
    message_keep: str
    service_hosts: tuple[str, ...]
    private_hosts: tuple[str, ...]
    authorities_file: str
    secrets_file: Path
    digest_hour: int
    mail_server: str
    mail_security: str
    mail_from: str
    mail_user: str
    sms_url: str
    sms_body: str
    sms_sender: str
    sms_country: str
    sms_key_header: str
    payment_url: str
    database_replica: str
    database_pool: int
    database_overflow: int
    database_pool_seconds: int
    database_connect_seconds: int
    database_silence_seconds: int
    database_retry_seconds: int
    database_statement_seconds: int
    database_survey_seconds: int
    database_lock_seconds: int
    database_idle_seconds: int
    database_replica_seconds: int
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which times are shown."""
        return ZoneInfo(self.time_zone)

    def origin(self, name: str) -> str:
        """Where a value came from: "default", a file, a variable's name, or "flag"."""
        return self.origins[name]

    def secrets(self) -> dict[str, Secret]:
        """The secrets by name, read when they are asked for; none where there is no such file.

        Raises SettingsError. No value of them is ever in a message.
        """
        if not self.secrets_file.exists():
            return {}
        try:
            found = tomllib.loads(self.secrets_file.read_text(encoding="utf-8"))
            return {name: _named(entry) for name, entry in found.items()}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SettingsError(
                "The file {place} that secrets_file names cannot be read: {reason}",
                'Write for each secret: [name], value = "…", hosts = ["host"].',
                place=self.secrets_file, reason=type(error).__name__,
            ) from error  # fmt: skip

    def shown(self, name: str) -> str:
        """A value as it may be printed: the password of an address is hidden."""
        value = getattr(self, name)
        text = " ".join(value) if isinstance(value, tuple) else str(value)
        return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", text) if SETTINGS[name].secret else text


def load(
    file: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    flags: Mapping[str, str] | None = None,
) -> Settings:
    """The settings from all layers; `file` stands in the place of the project's file."""
    found: dict[str, tuple[str, str]] = {}
    for path in sources(file, environ):
        _lay(found, {name: (value, str(path)) for name, value in _file(path).items()})
    variables = {name: PREFIX + name.upper() for name in SETTINGS}
    _lay(found, {n: (environ[v], v) for n, v in variables.items() if environ.get(v)})
    _lay(found, {name: (value, "flag") for name, value in (flags or {}).items()})
    if "language" not in found and (spoken := _locale(environ)):
        found["language"] = spoken
    return _settings(found)


def _lay(found: dict[str, tuple[str, str]], layer: Mapping[str, tuple[str, str]]) -> None:
    """Put a layer over what is found; an address and the file of one replace each other."""
    if "database" in layer:
        found.pop("database_file", None)
    found |= layer


def sources(file: Path | None, environ: Mapping[str, str]) -> Iterator[Path]:
    """The files that are read, the weakest first."""
    chosen = file or (Path(environ["MOUQATAA_CONFIG"]) if environ.get("MOUQATAA_CONFIG") else None)
    for path in (SYSTEM_FILE, user_file(environ), None if chosen else Path(PROJECT_FILE)):
        if path is not None and path.is_file():
            yield path.absolute()
    if chosen is not None:
        yield chosen


def user_file(environ: Mapping[str, str]) -> Path | None:
    """The user's own file; none for an account without a home."""
    if environ.get("XDG_CONFIG_HOME"):
        return Path(environ["XDG_CONFIG_HOME"]) / "mouqataa" / "config.toml"
    if not environ.get("HOME"):
        return None
    from platformdirs import user_config_path

    return user_config_path("mouqataa", appauthor=False) / "config.toml"


def _settings(found: Mapping[str, tuple[str, str]]) -> Settings:
    data = Path(found["data"][0] if "data" in found else _data_folder()).expanduser().absolute()
    texts = {n: found[n][0] if n in found else s.default for n, s in SETTINGS.items()}
    texts = {n: text.replace("{data}", str(data)) for n, text in texts.items()}
    origins = {name: found[name][1] if name in found else "default" for name in SETTINGS}
    if texts["database_file"]:
        texts["database"] = _secret(texts["database_file"])
        origins["database"] = texts["database_file"]
    if texts["language"] not in LANGUAGES:
        raise _bad("language", texts["language"], origins, "fr, ar, en")
    try:
        ZoneInfo(texts["time_zone"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        bad = _bad("time_zone", texts["time_zone"], origins, "Africa/Casablanca")
        raise bad from error
    whole = _numbers(texts, origins)
    _check_mail(texts, origins)
    _check_sms(texts, origins)
    return Settings(
        data, texts["database"], texts["database_file"], Path(texts["files"]).expanduser(),
        Path(texts["keys"]).expanduser(), Path(texts["logs"]).expanduser(), texts["language"],
        texts["time_zone"], texts["actor"], _listed(texts["act_as"]),
        texts["verify_url"], whole.pop("lease_seconds"), texts["message_keep"],
        _listed(texts["service_hosts"].lower()),
        _listed(texts["private_hosts"].lower()), texts["authorities_file"],
        Path(texts["secrets_file"]).expanduser(), whole.pop("digest_hour"), texts["mail_server"],
        texts["mail_security"], texts["mail_from"], texts["mail_user"], texts["sms_url"],
        texts["sms_body"], texts["sms_sender"], texts["sms_country"], texts["sms_key_header"],
        texts["payment_url"], texts["database_replica"], **whole, origins=origins,
    )  # fmt: skip


def _numbers(texts: Mapping[str, str], origins: Mapping[str, str]) -> dict[str, int]:
    for name, least in _WHOLE.items():
        fits = re.fullmatch(r"[0-9]{1,6}", texts[name])
        if not fits or not least <= int(texts[name]) <= _MOST.get(name, 999_999):
            raise _bad(name, texts[name], origins, SETTINGS[name].default)
    return {name: int(texts[name]) for name in _WHOLE}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _check_mail(texts: Mapping[str, str], origins: Mapping[str, str]) -> None:
    if texts["mail_server"] and not re.fullmatch(r"[^\s/@]+:[0-9]{1,5}", texts["mail_server"]):
        raise _bad("mail_server", texts["mail_server"], origins, "smtp.example:587")
    if texts["mail_security"] not in _SECURITY:
        raise _bad("mail_security", texts["mail_security"], origins, "starttls")
    if texts["mail_from"] and not re.fullmatch(r"[!-~]+@[!-~]+", texts["mail_from"]):
        raise _bad("mail_from", texts["mail_from"], origins, "guichet@commune.example")
    if texts["mail_user"] and texts["mail_security"] == "none":
        raise _bad("mail_security", "none", origins, "starttls")


def _check_sms(texts: Mapping[str, str], origins: Mapping[str, str]) -> None:
    if not re.fullmatch(r"[1-9][0-9]{0,2}|", texts["sms_country"]):
        raise _bad("sms_country", texts["sms_country"], origins, "212")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*|", texts["sms_key_header"]):
        raise _bad("sms_key_header", texts["sms_key_header"], origins, "Idempotency-Key")
    if texts["sms_body"].lstrip().startswith("{"):
        try:
            json.loads(texts["sms_body"])
        except ValueError as error:
            expected = SETTINGS["sms_body"].default
            raise _bad("sms_body", texts["sms_body"], origins, expected) from error


def _named(entry: Mapping[str, Any]) -> Secret:
    value, hosts = entry["value"], entry["hosts"]
    if not isinstance(value, str) or not isinstance(hosts, list):
        raise TypeError
    return Secret(value, frozenset(str(host).lower() for host in hosts))


def _bad(name: str, value: str, origins: Mapping[str, str], expected: str) -> SettingsError:
    return SettingsError(
        "{place}: {name} cannot be {value}.",
        "Write for example: {expected}",
        place=origins[name], name=name, value=value, expected=expected,
    )  # fmt: skip


def _file(file: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(
            "The settings file {place} cannot be read: {reason}",
            "Correct the file, or name another with --config.",
            place=file, reason=error,
        ) from error  # fmt: skip
    for name in found:
        if name not in SETTINGS:
            near = get_close_matches(name, SETTINGS, 1) or ["database"]
            raise SettingsError(
                "{place}: there is no setting {name}.",
                "Did you mean {near}? All are listed by: mouqataa config show",
                place=file, name=name, near=near[0],
            )  # fmt: skip
    return {name: _text(file, name, value) for name, value in found.items()}


def _text(file: Path, name: str, value: Any) -> str:
    if isinstance(value, list) and name in _LISTS:
        return " ".join(map(str, value))
    if isinstance(value, str) or type(value) is int:
        return str(value)
    raise _bad(name, str(value), {name: str(file)}, f'{name} = "…"')


def _secret(file: str) -> str:
    try:
        return Path(file).expanduser().read_text(encoding="utf-8").splitlines()[0].strip()
    except (OSError, IndexError, ValueError) as error:
        raise SettingsError(
            "The file {place} that database_file names cannot be read: {reason}",
            "Write the address of the database in its first line.",
            place=file, reason=type(error).__name__,
        ) from error  # fmt: skip


def _locale(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """The language of the first locale variable that is set, where it is one of ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            language = value[:2].lower()
            return (language, name) if language in LANGUAGES else None
    return None


def _data_folder() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("mouqataa", appauthor=False)
