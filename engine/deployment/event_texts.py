"""What the checks of events, loops and ad-hoc subprocesses say; see model_texts."""

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, str]] = {
    "activity": (
        "it compensates {activity}, which is no activity here",
        "Name an activity of its own level or of a level around it, or none.",
    ),
    "apart": (
        "it stands beside the flows: none leads to it or away, nothing is attached to it",
        "Remove the flow, the marker or the boundary event.",
    ),
    "attribute/keep": (
        "mq:keep cannot be {keep}",
        "Write an ISO 8601 duration: P7D is seven days, P0D not at all.",
    ),
    "condition/none": (
        "it says no condition",
        "Write one in FEEL.",
    ),
    "condition/moment": (
        "its condition reads {name}, which changes unseen",
        "Wait for a moment with a timer.",
    ),
    "error_interrupts": (
        "an event of the kind {event} always interrupts",
        "Let it cancel what it belongs to.",
    ),
    "escalation": (
        "it names no escalation of the model",
        "Add an escalation with a code.",
    ),
    "handler": (
        "a compensation is done by one activity, which no flow leads to",
        "Associate it with one activity that is for compensation.",
    ),
    "link": (
        "its link has {count} partners of the same name here",
        "Draw one catching link event of its name, in the same scope.",
    ),
    "schedule": (
        "cases begin by a timer, and nothing says in which office",
        "Write [schedule] offices = [\"MAR\"] into procedure.toml, or [\"each\"].",
    ),
    "signal": (
        "it names no signal of the model",
        "Add a signal with a name.",
    ),
    "start/several": (
        "it has several start events without an event",
        "Leave one of them: nothing says which is meant.",
    ),
    "todo": (
        "an import left something to do: {what}",
        "Do it as README.md says, then remove the mark mq:todo.",
    ),
    "uncaught/cancel": (
        "nothing follows a transaction that is cancelled",
        "Put a cancel boundary event on it.",
    ),
    "unreachable/handler": (
        "no compensation boundary event is associated with it",
        "Draw an association from the boundary event to it.",
    ),
    "unsupported/adhoc_border": (
        "a {kind} in an ad-hoc subprocess is not executed",
        "Its activities begin without a start event and end without an end event.",
    ),
    "unsupported/adhoc_empty": (
        "an ad-hoc subprocess offers no activity",
        "Draw one to which no flow leads.",
    ),
    "unsupported/adhoc_first": (
        "a {kind} that nothing leads to in an ad-hoc subprocess",
        "Let an activity lead to it.",
    ),
    "unsupported/adhoc_order": (
        "ordering={value} is not executed",
        "Write Parallel or Sequential.",
    ),
    "unsupported/behaviour": (
        "behavior={value} throws what is not executed",
        "Refer to the definition of a signal, an escalation or an error of the model.",
    ),
    "unsupported/cancel": (
        "only a transaction is cancelled",
        "Draw a transaction around it, or attach it to one.",
    ),
    "unsupported/complex_join": (
        "a complex gateway without a condition does not say when to join",
        "Give it an activationCondition, as activationCount >= 2, or use another gateway.",
    ),
    "unsupported/conditional_start": (
        "no case begins by a condition: there is no case yet whose variables it could read",
        "Begin the case by a message, a signal or a timer.",
    ),
    "unsupported/endless_loop": (
        "a loop that never ends is not executed",
        "Give it a loopCondition, or a loopMaximum.",
    ),
    "unsupported/offers": (
        "nobody can pick {activity} yet: people's ad-hoc subprocesses run in rehearsals only",
        "Draw its activities behind an inclusive gateway, or begin them by messages.",
    ),
    "unsupported/quantity": (
        "{name}={value} is not executed",
        "Write a number from 1 to {most}.",
    ),
    "unsupported/receive_boundary": (
        "a receive task after an event-based gateway has no boundary events",
        "Draw the events after the gateway (BPMN 2.0.2 §10.6.6).",
    ),
    "unsupported/triggered": (
        "a {kind} that an event starts is not executed",
        "Draw an event subprocess.",
    ),
}  # fmt: skip
WARNINGS: frozenset[str] = frozenset()
