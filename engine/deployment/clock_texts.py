"""What the checks of clocks and of the law say: the sentence and the remedy of each code.

English, with `{named}` blanks; engine/locale translates them.
"""

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, str]] = {
    "clock.cycle": (
        "the clocks {names} begin or end each other without end",
        "Let one of them depend on a fact of the case instead of the other's end.",
    ),
    "clock.each": (
        "the clock {name} runs for each {each}: here it must be said for which",
        "Write the value into the timer, as in the reference, or carry it in mq:fact-with.",
    ),
    "clock.fact_order": (
        "{fact} can only be recorded when the clock {name} does not run",
        "Draw the step between what begins the clock and what ends it.",
    ),
    "clock.fact_unheard": (
        "no step records {fact}, which the clock {name} waits for",
        "Put mq:fact on the step where it happens, or leave it out of the clock.",
    ),
    "clock.fact_unreachable": (
        "no step records {fact}, without which the clock {name} goes wrong",
        "Put mq:fact on the step where it happens, or correct the name.",
    ),
    "clock.horizon": (
        "the calendar is known up to {last}, but the clock {name} may run up to {until}",
        "Import the next year of the calendar first.",
    ),
    "clock.in_force": (
        "the tables of the clock {name} leave a gap or overlap at {day}",
        "Let each be in force from the day after the last day of the one before.",
    ),
    "clock.invalid": ("{reason}", "{hint}"),
    "clock.lapse_grants": (
        "after the end of the clock {name} nobody decides, and {certificate} is issued",
        "Put a person's task in between, or say what silence means.",
    ),
    "clock.longer": (
        "a clock stands alone in its timer, not in: {text}",
        "Write the end of the clock, or one of its reminders, and nothing else.",
    ),
    "clock.motive": (
        "the clock {name} is extended only for a motive, and {fact} carries none",
        "Write motive into mq:fact-with, and ask for it before.",
    ),
    "clock.obliged": (
        "it is not said against whom the clock {name} runs",
        "Add obliged: office, applicant or other.",
    ),
    "clock.once": (
        "the clock {name} runs once in a case, not for each value",
        "Leave the value out of the timer, or say each in the clock.",
    ),
    "clock.reminder": (
        "the clock {name} has no reminder {reminder}",
        "Add it to the reminders of the clock; known: {known}.",
    ),
    "clock.rule": (
        "the jurisdiction {jurisdiction} has no rule {rule}",
        "Name one of its rules, or write the rule as a table; near: {known}.",
    ),
    "clock.rule_at_most": (
        "the clock {name} is longer than the rule {rule} allows: {most}",
        "Name the rule that the law gives for longer delays.",
    ),
    "clock.silence_unheard": (
        "silence means {effect} at the end of the clock {name}, and no timer waits for it",
        "Draw a timer on the end of the clock, and what follows.",
    ),
    "clock.timer_kind": (
        "a {kind} holds no clock: {text}",
        "Write it into a timeDate.",
    ),
    "clock.unknown": (
        "no clock {name} is in procedure.toml",
        "Add it, or correct the name; near: {known}.",
    ),
    "fact.alone": (
        "{attribute} is said of no fact",
        "Add mq:fact, or remove it.",
    ),
    "fact.kind": (
        "{fact} cannot be recorded by a step",
        "Join two words by a dot; what the engine records itself is not drawn.",
    ),
    "fact.personal": (
        "{attribute} names the personal value {variable}, which no fact may hold",
        "Name a variable that tells nobody anything, declared in [data] facts.",
    ),
    "fact.place": (
        "a fact is recorded where one flow leaves: {count} leave here",
        "Put mq:fact on a step before or after, with one outgoing flow, or on an end event.",
    ),
    "fact.proof": (
        "an earlier date needs the paper that proves it, one of [[papers]]",
        "Write mq:fact-at and mq:fact-proof together, the second with the key of a paper.",
    ),
    "fact.unread": (
        "no clock reads the fact {fact}",
        "Name it in a clock, or correct it; near: {known}.",
    ),
    "fact.with": (
        "mq:fact-with cannot be read: {reason}",
        "Write names of variables, or one FEEL context.",
    ),
    "fact.variable": (
        "{attribute} names {variable}, which nothing sets",
        "Correct the name, or ask for it in a form.",
    ),
    "jurisdiction": (
        "no rules of the jurisdiction {name} are known",
        "Name one of those shipped, or bring its rules along; near: {known}.",
    ),
    "law.appeal_missing": (
        "a refusal, or the end of a delay, opens no appeal or does not name it ({article})",
        "Add [appeal], a clock of the applicant that begins there, and print it on the refusal.",
    ),
    "law.complement_without_end": (
        "after {fact} the applicant has no delay whose end has an effect ({article})",
        "Add a clock of the applicant that begins with it, and say what its end does.",
    ),
    "law.delay_too_long": (
        "the clock {name} grants {days} days, the law {most} at most ({article})",
        "Shorten its length; what takes longer is an extension.",
    ),
    "law.extension_open": (
        "the clock {name} can be extended more than once, or for any motive ({article})",
        "Write at_most = 1 and the motives that the law names.",
    ),
    "law.legalised_paper": (
        "the paper {paper} is asked as {form}, {copies} of it ({article})",
        "Ask for one original, copy or declaration.",
    ),
    "law.no_clock": (
        "no clock against the office begins when the case is filed ({article})",
        "Add a clock with obliged office that starts with case.filed.",
    ),
    "law.no_receipt": (
        "no receipt is issued before the first task, or it lacks {missing} ({article})",
        "Issue a certificate of kind receipt first, from the layout of receipts.",
    ),
    "law.paper_held": (
        "the paper {paper} is held by {issuer}: the applicant need not bring it ({article})",
        "Ask the administration that issued it, or keep it where it is not shared.",
    ),
    "law.refusal_without_motive": (
        "a refusal can be reached without a reason that was asked or decided ({article})",
        "Name the motive of the certificate of refusal, require it on every way, and print it.",
    ),
    "law.second_complement": (
        "{fact} can be asked a second time ({article})",
        "Write at_most = 1 in the suspension, and lead no way back to the step that asks.",
    ),
    "law.silence_not_listed": (
        "silence grants nothing for the act {act}: it is not listed ({article})",
        "Name the act as the list does, or let silence mean none.",
    ),
    "law.silence_prints_permit": (
        "after consent by silence the way leads to {certificate}, issued here ({article})",
        "End the way with the attestation of the authority; print no permit on it.",
    ),
    "law.tax_condition": (
        "{place} names {word}: this act depends on no tax ({article})",
        "Take the condition out.",
    ),
    "law.unlisted_paper": (
        "{paper} is asked for, and is not among [[papers]] ({article})",
        "List it with its source, or do not ask for it.",
    ),
    "rules_differ": (
        "these rules differ from those of this Mouqataa",
        "Remove the file to take this one's; keep it to count as before.",
    ),
}  # fmt: skip
WARNINGS = frozenset(
    {"clock.fact_order", "clock.fact_unheard", "fact.unread", "law.paper_held", "law.tax_condition",
     "rules_differ"}
)  # fmt: skip
