"""Everything that clocks and the law of a jurisdiction let us check before a procedure is used."""

from collections.abc import Iterator, Sequence

from decisions.errors import DecisionError
from engine.deployment import (
    clocks,
    law_acts,
    law_clocks,
    law_papers,
    meaning,
    personal,
    recording,
    timing,
)
from engine.deployment.findings import Finding
from engine.deployment.legal import Legal
from engine.deployment.meaning import Known, Use
from engine.deployment.trees import Scope
from engine.deployment.ways import Ways
from processes.bundle import Bundle


def check(bundle: Bundle, scopes: Sequence[Scope], known: Known) -> Iterator[Finding]:
    """Every finding on clocks, facts and law, in a model whose names all mean something."""
    try:
        granted = clocks.clocks(bundle)
    except DecisionError:
        return  # told by `clocks.check`
    uses = [use for scope in scopes for use in meaning.uses(scope) if isinstance(use, Use)]
    private = personal.personal_variables(known.forms.values(), known.procedure, uses)
    ways = Ways(scopes, bundle.procedure.key, known.operations)
    legal = Legal(bundle, granted, ways, known.forms, known.variables, private)
    yield from timing.check(legal)
    yield from recording.check(legal)
    yield from law_clocks.check(legal)
    yield from law_acts.check(legal)
    yield from law_papers.check(legal)
