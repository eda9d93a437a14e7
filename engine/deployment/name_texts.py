"""What the checks of names, values, forms and templates say; see `model_texts`."""

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, str]] = {
    "called": (
        "no process {process} is in the bundle",
        "Add its .bpmn file, or name another.",
    ),
    "computed_inside": (
        "only an answer of the form itself is computed",
        "Move it out of the group.",
    ),
    "decision": (
        "no decision {name}",
        "Known: {known}.",
    ),
    "decision/unnamed": (
        "it names no decision",
        "Known: {known}.",
    ),
    "dmn": (
        "{reason}",
        "{hint}",
    ),
    "error_code": (
        "{operation} never gives the error {code}",
        "Known here: {known}.",
    ),
    "expression": (
        "{slot}: {text} cannot be read: {reason}",
        "{hint}",
    ),
    "expression/element": (
        "{reason}",
        "{hint}",
    ),
    "form_broken": (
        "{reason}",
        "{hint}",
    ),
    "form_missing": (
        "no form {name}",
        "Add the file, or name another.",
    ),
    "input/extra": (
        "{operation} takes no input {input}",
        "Remove it.",
    ),
    "input/missing": (
        "{operation} needs the input {input}",
        "Add <mq:input name=\"{input}\">.",
    ),
    "input/type": (
        "the input {input} is no {type}: {text}",
        "Write a value of this type.",
    ),
    "kind": (
        "{name} is not among [certificates]",
        "Add it to [certificates].",
    ),
    "lane": (
        "the lane {lane} is named by no [roles] of procedure.toml",
        "Name the lane in procedure.toml, or draw the task into another.",
    ),
    "lane/none": (
        "the task lies in no lane, so nobody has it to do",
        "Draw it into a lane, and name the lane in procedure.toml.",
    ),
    "layout_differs": (
        "it differs from the layout of this Mouqataa",
        "Remove the file to take this one's; keep it to print as before.",
    ),
    "message": (
        "it names no message of the model",
        "Add a message with a name.",
    ),
    "notice/nobody": (
        "nobody knows whom to tell",
        "Say in [subject] identity whom the case is about.",
    ),
    "notice/not_asked": (
        "the start form asks no {pointer}",
        "Correct the pointer, or ask it in the start form.",
    ),
    "notice/not_personal": (
        "{pointer} is not marked personal",
        "Mark the field x-personal, so that it can be erased.",
    ),
    "operation": (
        "no operation {name}",
        "Known: {known}.",
    ),
    "operation/unnamed": (
        "it names no operation",
        "Known: {known}.",
    ),
    "personal_shown": (
        "its {slot} reads personal values ({names})",
        "Assign what it needs to a variable declared in [data] facts, and read that.",
    ),
    "personal_undeclared": (
        "{variable} is made from personal values ({names}) and not declared",
        "Name it under [data] in procedure.toml: in facts if it tells nobody anything, "
        "else in personal.",
    ),
    "personal_undeclared/answered": (
        "{variable} is answered to personal values ({names}) and not declared",
        "Name it under [data] in procedure.toml, in personal, or in facts.",
    ),
    "personal_undeclared/decided": (
        "{variable} is decided from personal values ({names}) and not declared",
        "Name it under [data] in procedure.toml, in facts or in personal.",
    ),
    "personal_undeclared/form": (
        "{variable} is computed from personal values ({names}) and not declared",
        "Mark it x-personal, or name it in [data] facts.",
    ),
    "register": (
        "{name} is not among [registers]",
        "Add it to [registers].",
    ),
    "script": (
        "{reason}",
        "{hint}",
    ),
    "script/language": (
        "a script in {language} is not executed",
        "Write one FEEL context: {{ variable: expression }}.",
    ),
    "signer": (
        "{signer} is no task of a person",
        "Name the task whose doer signs, or the start event.",
    ),
    "source": (
        "no list {name}",
        "Known: {known}.",
    ),
    "template": (
        "the template cannot be read: {reason}",
        "Correct the template.",
    ),
    "template_computed": (
        "it names another template by a computed name",
        "Write the name in quotes.",
    ),
    "template_missing": (
        "no template {name}",
        "Add it, or name another.",
    ),
    "template_name": (
        "this name belongs to a base layout",
        "Put the template into a folder, as templates/<name>.html.",
    ),
    "timer": (
        "the timer says neither when nor how long",
        "Say it.",
    ),
    "timer/cycle": (
        "a cycle has no meaning where a token waits once",
        "Write a duration or a date; cycles are for boundary events that do not interrupt.",
    ),
    "topic": (
        "{text} is no topic",
        "Write one word between quotes: \"cadastre.search\".",
    ),
    "untranslated": (
        "no translation of: {text}",
        "Add it; until then people read the French text.",
    ),
    "variable": (
        "{slot}: {text} reads {name}, which nothing sets",
        "Correct the name, or ask for it in a form.",
    ),
    "variable/decision": (
        "the decision {decision} reads {name}, which nothing sets",
        "Correct the name in the table, or ask for it in a form.",
    ),
    "variable/form": (
        "{text} reads {name}, which the form does not ask",
        "Compute it from answers of this form.",
    ),
}  # fmt: skip
WARNINGS = frozenset(
    {"layout_differs", "untranslated"}
)  # fmt: skip
