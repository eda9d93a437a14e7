"""Headings of columns and words for states: English here, translated where they are printed."""

COLUMNS = {
    "act": "Act", "actor": "Actor", "assignee": "With", "case": "Case", "certificate": "Id",
    "code": "Code", "day": "Day", "default": "Default", "deployed_at": "Deployed",
    "due": "Due", "due_at": "Due", "effective": "In effect", "element": "Element", "ended": "Ended",
    "ended_at": "Ended", "id": "No.", "issued_at": "Issued", "at": "At", "kind": "Kind",
    "key": "Key", "label": "Label", "login": "Login", "meaning": "Meaning", "message": "Message",
    "name": "Name",
    "name_ar": "Arabic name", "name_fr": "French name", "number": "Number", "office": "Office",
    "opened_at": "Opened", "order": "Order", "origin": "From", "procedure": "Procedure",
    "reference": "Reference", "role": "Role", "roles": "Roles", "short": "Short name",
    "since": "Since", "source": "Source", "started_at": "Started", "status": "State",
    "task": "Task", "to": "Holder", "until": "Until", "value": "Value", "version": "Version",
    "cause": "Cause", "count": "Count", "work": "Work", "resolved_at": "Resolved",
    "job": "Job", "lease": "Lease", "topic": "Topic", "attempts": "Attempts", "owner": "Held by",
    "error": "Error", "inputs": "Inputs",
    "by": "By", "created_at": "Ordered", "done": "Done", "left": "Left", "reason": "Reason",
    "refused": "Refused", "target": "Task or incident", "total": "In all", "undoes": "Undoes",
    "notice": "No.", "pace": "Pace", "channel": "Channel",
    "chosen": "Chosen", "made_at": "Made", "sent_at": "Sent",
    "withdrawn_at": "Withdrawn", "check": "Check", "result": "Result", "remedy": "Remedy",
}  # fmt: skip
STATES = {
    "open": "open", "suspended": "suspended", "completed": "completed",
    "cancelled": "cancelled", "issued": "issued",
    "reserved": "reserved", "person": "person", "system": "system",
    "running": "running", "paused": "paused", "stopped": "stopped", "ended": "ended",
    "due": "to do", "done": "done", "refused": "refused",
    "error": "fault", "warning": "warning", "note": "note",
    "waiting": "waiting", "sent": "sent", "dropped": "dropped",
    "closed": "closed", "regular": "regular", "withdrawn": "withdrawn", "estimated": "estimated",
    "decided": "decided", "new": "new", "same": "same", "different": "different", "kept": "kept",
}  # fmt: skip
