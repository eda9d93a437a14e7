"""What the checks of clocks and of the law look at: clocks, model, forms and rules together."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from decisions import expressions
from decisions.clock.law import FILED, Clock
from documents import layouts
from engine.deployment.trees import tag
from engine.deployment.ways import Ways
from engine.runtime import clock_timers
from engine.runtime.clock_timers import ClockTimer
from engine.runtime.notation import details, own_attributes
from forms.form import Form
from processes.bundle import Bundle
from processes.jurisdictions import Requirement
from processes.procedure import Certificate, Procedure


@dataclass(frozen=True)
class Legal:
    """A bundle as the law sees it; `variables` may be set, `personal` are those that are sealed."""

    bundle: Bundle
    clocks: tuple[Clock, ...]
    ways: Ways
    forms: Mapping[str, Form]
    variables: frozenset[str]
    personal: frozenset[str]

    @property
    def procedure(self) -> Procedure:
        """The facts of procedure.toml."""
        return self.bundle.procedure

    def asked(self, code: str) -> Requirement | None:
        """What the jurisdiction asks under this code of this act; None where it asks nothing."""
        found = self.bundle.jurisdiction
        asked = found.requirements.get(code) if found is not None else None
        if asked is None or (asked.acts and self.procedure.act not in asked.acts):
            return None
        return asked

    @cached_property
    def recorders(self) -> Mapping[str, frozenset[str]]:
        """The elements that record each kind of fact; the case itself is filed at its start."""
        found: dict[str, set[str]] = {FILED: set(self.ways.starts)}
        for key, node in self.ways.nodes.items():
            if kind := own_attributes(node).get("fact"):
                found.setdefault(kind, set()).add(key)
        for key, timer in self.timers.items():
            if timer.what == "end":
                found.setdefault(f"clock.{timer.name}.lapsed", set()).add(key)
        return {kind: frozenset(keys) for kind, keys in found.items()}

    @cached_property
    def timers(self) -> Mapping[str, ClockTimer]:
        """The timers of the model that name a clock, by element."""
        found = {
            key: clock_timers.read(node.findtext(f"{tag('timerEventDefinition')}/{tag('timeDate')}")
                                   or "")
            for key, node in self.ways.nodes.items()
        }  # fmt: skip
        return {key: timer for key, timer in found.items() if timer is not None}

    def issued(self, key: str) -> frozenset[str]:
        """The certificates that an element may issue: any, where the model computes which."""
        node = self.ways.nodes.get(key)
        if node is None or own_attributes(node).get("operation") != "certificate.issue":
            return frozenset()
        text = details(node).inputs.get("kind", "").strip()
        named = text.strip('"') if text.startswith('"') else ""
        every = frozenset(self.procedure.certificates)
        return every & {named} if named else every

    def issuing(self, *kinds: str) -> dict[str, frozenset[str]]:
        """The elements that issue a certificate of these kinds, and which."""
        wanted = {k for k, row in self.procedure.certificates.items() if row.kind in kinds}
        found = {key: self.issued(key) & wanted for key in self.ways.nodes}
        return {key: names for key, names in found.items() if names}

    def title(self, certificates: frozenset[str]) -> str:
        """Certificates as a sentence names them."""
        return ", ".join(sorted(certificates))

    def template(self, certificate: Certificate) -> str:
        """The text of a certificate's template and of every layout that it extends."""
        todo, texts = [certificate.template], dict[str, str]()
        while todo:
            name = todo.pop()
            content = self.bundle.files.get(name) or self.bundle.files.get(
                f"{layouts.FOLDER}{name}"
            )
            if content is not None and name not in texts:
                texts[name] = content.decode(errors="replace")
                todo += [other for other in layouts.references(content) if other]
        return "\n".join(texts.values())

    def sets(self, key: str) -> frozenset[str]:
        """The variables that an element may set: its answers, its result, its assignments."""
        form = self._form(key)
        return self._made(key) | (form.names if form is not None else frozenset())

    def certainly_sets(self, key: str) -> frozenset[str]:
        """The variables that an element never leaves unset: its result, its required answers."""
        form = self._form(key)
        required = form.document.get("required", ()) if form is not None else ()
        return self._made(key) | frozenset(required)

    def reads(self, text: str) -> frozenset[str]:
        """The variables that an expression reads."""
        return expressions.compile(text.strip()).names

    def _form(self, key: str) -> Form | None:
        node = self.ways.nodes.get(key)
        return self.forms.get(own_attributes(node).get("form", "")) if node is not None else None

    def _made(self, key: str) -> frozenset[str]:
        node = self.ways.nodes.get(key)
        found = details(node) if node is not None else None
        if found is None:
            return frozenset()
        names = {name for name, _ in expressions.compile_context(found.script or "{}")}
        return frozenset(names | {found.own[word] for word in ("result",) if word in found.own})
