"""The nouns of the command line, grouped as people look for them."""

SECTIONS: dict[str, dict[str, str]] = {
    "Cases": {
        "case": "Cases: start, follow, correct, explain",
        "task": "Tasks: what waits for you, and doing it",
        "clock": "Delays of the law: until when, and why",
        "certificate": "Certificates: list, show, verify",
        "message": "Messages to cases that wait for one",
        "signal": "Signals to all cases that wait for one",
    },
    "Procedures": {
        "procedure": "Procedures: check, deploy, list, withdraw",
        "decision": "Decision tables: check, try, test, explain",
        "bpmn": "Models of any vendor: rehearse a file",
    },
    "House": {
        "actor": "Who acts, with which role, in which office",
        "role": "Roles: those of the house and those of procedures",
        "office": "The offices of the city",
        "delegation": "Delegations of signature",
        "calendar": "Working days and holidays",
    },
    "Running": {
        "init": "Found a database: city, offices, first administrator",
        "demo": "Play a case from deposit to certificate with invented data",
        "work": "Run the jobs that are due",
        "job": "Work for programs outside: fetch, complete, fail",
        "payment": "Payments: notices of the gateway, and a gateway for trying",
        "notice": "Notices by mail and text message: who is told of what, what was sent",
        "incident": "Work that needs a person: list, try again, close",
        "batch": "Acts on many: try, order, follow, stop, undo",
        "db": "The database: upgrade, check",
        "config": "The settings and where each value came from",
        "doctor": "Check this machine, with a remedy for each fault",
        "completion": "Completion of commands in your shell",
        "help": "Pages on exit statuses, JSON, settings",
    },
}
NOUNS: dict[str, str] = {name: told for nouns in SECTIONS.values() for name, told in nouns.items()}
# Modules whose noun would hide a name of Python's.
UNDER = {"help": "pages"}
