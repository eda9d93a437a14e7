"""What `mouqataa help TOPIC` says: pages that belong to no command."""

TOPICS = {
    "exit-codes": (
        "0 done",
        "1 something unexpected; or a check that found a difference",
        "2 invalid: usage, settings, answers of a form",
        "3 forbidden: who acts may not do this",
        "4 not found",
        "5 conflict: already done, already taken, ended",
        "6 unavailable: database, disk, schema",
        "130 interrupted",
    ),
    "json": (
        "--json prints one JSON document; work prints one per round.",
        "A list is {{\"items\": […], \"next\": cursor or null}}; ask on with --cursor.",
        "--json=reference,status keeps these fields only.",
        "Times are UTC (RFC 3339); numbers that are not whole are texts, so that none is rounded.",
        "Errors are a problem object (RFC 9457) on the error stream: type, title, code, kind, "
        "exit, remedy, errors.",
        "Machine output is never translated.",
    ),
    "settings": (
        "Later beats earlier: defaults, /etc/mouqataa/config.toml, "
        "$XDG_CONFIG_HOME/mouqataa/config.toml, ./mouqataa.toml (or --config FILE), "
        "MOUQATAA_NAME in the environment, flags.",
        "See each value and where it came from with: mouqataa config show",
    ),
    "people": (
        "You act as the account of the machine; --as ACTOR acts as another.",
        "The setting act_as names the system accounts that may; a specimen database lets all.",
        "Every event keeps the actor and the system account behind them.",
    ),
}  # fmt: skip
