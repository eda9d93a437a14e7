"""The names in each command's JSON answer: a promise to whoever reads it with a program.

A name may come; none goes or changes its meaning without a new major version. `items` stands
before the names of a list's rows.
"""

_CASE = "items reference procedure status started_at ended_at"
_CHANGED = "reference seq"
_CLOCKS = "case as_of calendar clocks facts"
_MOVED = "reference seq tasks ended"
_DEPLOYED = "procedure version digest"
_GRANTED = "login role office"
_SCHEMA = "current needed drift"
HELD = "file moment schema program tables files missing"
_FOUND = "checked violations complete"
_WITH = "task assignee"
_BATCH = "id act status by created_at ended_at undoes total done refused left codes"
_STEERED = "batch status"

FIELDS: dict[str, str] = {
    "case start": "reference tasks",
    "case list": _CASE,
    "case search": _CASE,
    "case show": "reference procedure version status started_at ended_at suspended_at values tasks "
    "failing awaited clocks",
    "case history": "items seq kind at actor name labels answers body rules",
    "case replay": "reference ok events differences",
    "case cancel": _CHANGED,
    "case suspend": _CHANGED,
    "case resume": _CHANGED,
    "case restart": _MOVED,
    "case move": _MOVED,
    "case note": _CHANGED,
    "case rectify": _CHANGED,
    "case attach": "case attachment",
    "task list": "items task name case procedure role office opened_at due_at lapses_at "
    "clock assignee",
    "task show": "task name case element status role assignee due_at form draft",
    "task claim": _WITH,
    "task release": _WITH,
    "task assign": _WITH,
    "task draft": _WITH,
    "task complete": "task case opened ended",
    "task reopen": "task case opened ended",
    "clock show": _CLOCKS,
    "clock try": _CLOCKS,
    "clock list": "items case procedure office clock each state due effect_at",
    "clock report": "items procedure clock each closed in_time late lapsed cancelled legal elapsed "
    "stopped",
    "clock letter": "case clocks pages sha256 file",
    "clock record": "case fact seq",
    "clock withdraw": "case fact seq",
    "certificate list": "items certificate number kind status case issued_at sha256",
    "certificate show": "certificate number kind status case issued_at sha256 file",
    "certificate verify": "certificate number kind status case issued_at sha256",
    "certificate render": "number same sha256 file",
    "message send": "case tasks",
    "decision check": "name findings",
    "decision eval": "decision value fault parts",
    "decision test": "name passed examples rules",
    "decision explain": "items seq at element erased parts",
    "procedure new": "procedure folder",
    "procedure check": "procedure findings",
    "procedure test": "procedure passed scenarios flows rules",
    "procedure show": "procedure version name digest effective deployed_at withdrawn_at files form",
    "procedure export": "procedure version digest file",
    "procedure deploy": _DEPLOYED,
    "procedure list": "items procedure version digest effective deployed_at withdrawn_at",
    "procedure withdraw": _DEPLOYED,
    "actor add": "login name kind roles",
    "actor list": "items login name kind roles",
    "actor grant": _GRANTED,
    "actor revoke": _GRANTED,
    "actor disable": "login",
    "actor contact": "login mail phone channel language failing_at",
    "role list": "items key name",
    "office list": "items code short name_fr name_ar",
    "delegation add": "id",
    "delegation list": "items id act to office order since until ended",
    "delegation end": "id",
    "calendar show": "name rest_days source days",
    "calendar set": "calendar day",
    "incident list": "items id at case procedure element code message resolved_at cause work",
    "incident show": "id at case procedure element code message resolved_at resolved_by cause "
    "work status attempts inputs",
    "incident retry": "id",
    "incident resolve": "id",
    "job list": "items job topic case due attempts owner until error",
    "job fetch": "items job lease topic case element inputs key attempts until",
    "job extend": "until",
    "job complete": "case tasks",
    "job fail": "job incident retry_at",
    "job error": "case tasks incident",
    "job return": "job",
    "incident skip": "id",
    "incident answer": "id",
    "batch cancel": _BATCH,
    "batch suspend": _BATCH,
    "batch resume": _BATCH,
    "batch retry": _BATCH,
    "batch reassign": _BATCH,
    "batch rectify": _BATCH,
    "batch undo": _BATCH,
    "batch list": f"items {_BATCH}",
    "batch show": _BATCH,
    "batch items": "items number case target status code at",
    "batch pause": _STEERED,
    "batch continue": _STEERED,
    "batch stop": _STEERED,
    "payment notice": "woken",
    "payment simulate": "url",
    "notice preferences": "items topic pace channel chosen",
    "notice list": "items notice topic case login pace status made_at sent_at",
    "init": "city offices specimen",
    "demo": "reference number file history",
    "work": "finished put_off incidents",
    "db upgrade": _SCHEMA,
    "db current": _SCHEMA,
    "db check": f"{_SCHEMA} {_FOUND}",
    "db backup": HELD,
    "db restore": f"{HELD} database folder {_FOUND}",
    "db retain": "due cases events",
    "config show": "items name value origin meaning",
    "config path": "read user",
    "doctor": "items check ok result remedy",
    "completion": "shell script",
    "help": "topic lines",
}
