"""What the checks of a model's shape say: the sentence and the remedy of each code.

A code may have several sentences, told apart after a slash. English, with `{named}` blanks;
engine/locale translates them.
"""

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, str]] = {
    "attribute/late": (
        "mq:late cannot be {late}",
        "Write each, or once.",
    ),
    "attribute/late_once": (
        "mq:late is said of a timer that is no cycle",
        "Remove it: what fires once is not missed twice.",
    ),
    "attribute/not_by": (
        "mq:not-by names {other}, which is no task of a person",
        "Name the id of a user task.",
    ),
    "attribute/outcome": (
        "mq:outcome cannot be {outcome}",
        "Write refusal, or none.",
    ),
    "attribute/skip_beside": (
        "mq:skip names {other}, which waits beside other events",
        "Name an activity, an event or a gateway of the same level that splits.",
    ),
    "attribute/skip_entry": (
        "mq:skip names {other}, a {kind}",
        "Name an activity, an event or a gateway of the same level that splits.",
    ),
    "attribute/skip_joins": (
        "mq:skip names {other}, which joins parallel branches",
        "Name an activity, an event or a gateway of the same level that splits.",
    ),
    "attribute/skip_outside": (
        "mq:skip names {other}, which is no element of its level",
        "Name an activity, an event or a gateway of the same level that splits.",
    ),
    "attribute/unread": (
        "a {kind} does not read {name}",
        "Known here: {known}.",
    ),
    "attribute/unread_part": (
        "a {kind} does not read this {name}",
        "Written is <mq:input name=\"…\"> of a task or event that asks or sends.",
    ),
    "condition/default": (
        "a default flow has no condition",
        "Remove it.",
    ),
    "condition/kind": (
        "a flow that leaves a {kind} has no condition",
        "Remove it.",
    ),
    "condition/missing": (
        "it says neither when it is taken nor that it is the default",
        "Give it a condition, or make it the default flow of the gateway.",
    ),
    "dead": (
        "it can never be carried out, whatever the answers",
        "Correct the gateways before it, or remove it.",
    ),
    "deadlock": (
        "the case can stop here for ever: {missing} may never come",
        "Join the branches with the kind of gateway that parted them, or lead a way back "
        "to before the block.",
    ),
    "default": (
        "the default flow {flow} does not leave it",
        "Name one of its own flows.",
    ),
    "endless": (
        "a cycle leads back here without ever waiting",
        "Put a task, a timer or a message into the cycle.",
    ),
    "flow/end": (
        "its {end} is no element of the same level",
        "Connect both ends; a flow does not cross the border of a subprocess.",
    ),
    "flow/into": (
        "a flow leads into a {kind}",
        "Remove the flow.",
    ),
    "flow/out_of_end": (
        "a flow leaves an end event",
        "Remove the flow.",
    ),
    "flow/twin": (
        "it leads from {source} to {target}, as {other} does",
        "Draw one flow, its conditions joined with or; or put a node into one of them.",
    ),
    "livelock": (
        "from here the case can go on, but never to its end",
        "Draw a way out of the cycle.",
    ),
    "model": (
        "the runtime cannot read it: {reason}",
        "Correct the element.",
    ),
    "no_effect": (
        "{kind} has no effect here",
        "Variables belong to the case; remove it, or leave it as a drawing.",
    ),
    "no_id": (
        "a {kind} has no id",
        "Give it an id.",
    ),
    "not_explored": (
        "not every way through it could be followed: {count} states were",
        "Draw parts of it as subprocesses; try it with scenarios until then.",
    ),
    "process": (
        "no process has the id {key}",
        "Give the main process the key of the procedure as its id.",
    ),
    "reserved": (
        "the id {key} has a meaning of its own",
        "Rename it.",
    ),
    "several_events": (
        "it has several events",
        "Leave one.",
    ),
    "start": (
        "it has {count} start events",
        "Draw exactly one; several beginnings are several procedures.",
    ),
    "twice": (
        "the id is used twice",
        "Rename one.",
    ),
    "unattached": (
        "it is attached to no activity of its level",
        "Attach it.",
    ),
    "uncaught": (
        "the error {code} would be caught by nobody",
        "Put an error boundary event on its subprocess or on every call of it.",
    ),
    "unreachable": (
        "no path leads here",
        "Connect or remove it.",
    ),
    "unsupported": (
        "{kind} is not executed",
        "Model the step with tasks, gateways, subprocesses, timers, messages and errors.",
    ),
    "unsupported/attribute": (
        "{name}={value} is not executed",
        "Leave {name} at {default}.",
    ),
    "unsupported/event": (
        "a {kind} with {event} is not executed",
        "Executed are: {known}.",
    ),
    "unsupported/no_event": (
        "a {kind} without an event is not executed",
        "Executed are: {known}.",
    ),
    "unsupported/part": (
        "{part} of a {kind} is not executed",
        "Use a multi-instance marker, or a gateway that leads back.",
    ),
    "unsynchronised": (
        "it can be reached twice at once and would be done twice",
        "Join the parallel branches before it, or leave it so if this is meant.",
    ),
    "xml": (
        "the model cannot be read: {reason}",
        "Save the model again as BPMN 2.0.",
    ),
}  # fmt: skip
WARNINGS = frozenset(
    {"dead", "no_effect", "not_explored", "unsynchronised"}
)  # fmt: skip
