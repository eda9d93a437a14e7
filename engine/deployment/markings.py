"""All the states that the tokens of a net can be in, up to a bound, each with the way to it.

A marking says how many tokens lie on each arc. Where nothing depends on who moves first only one
node moves at a time, the one that lies furthest back: tokens that may meet then meet (a persistent
set; Godefroid 1996). Joins that look at what can still come see every order.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from engine.deployment.nets import ALL, ANY, CLEAR, EACH, ONE, SOME, Net, Node

# How many markings of one net are looked at, and how many tokens on one arc.
LIMIT, HEAP = 10_000, 3
_WIDE = 6
Marking = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Explored:
    """What was found: where tokens are stuck or only go round, what was done, and twice at once."""

    before: dict[Marking, tuple[Marking, tuple[str, ...]]] = field(default_factory=dict)
    stuck: list[Marking] = field(default_factory=list)
    turning: list[Marking] = field(default_factory=list)
    twice: dict[str, Marking] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    ends: bool = False
    whole: bool = True

    def trace(self, marking: Marking) -> tuple[str, ...]:
        """The elements completed on the way to a marking, in order."""
        steps: list[tuple[str, ...]] = []
        while marking in self.before:
            earlier, keys = self.before[marking]
            steps.append(keys)
            if earlier == marking:
                break
            marking = earlier
        return tuple(key for keys in reversed(steps) for key in keys if not key.endswith("/"))


class Explorer:
    """The moves of a net."""

    def __init__(self, net: Net, every_order: bool) -> None:
        self.net = net
        self.rank = _ranks(net)
        joins = [node for node in net.nodes.values() if node.join == SOME]
        self.ahead = {node.key: _ahead(net, node) for node in joins}
        self.every_order = every_order or bool(joins)

    def explore(self, begin: int) -> Explored:
        """Every marking from one token on an arc."""
        found = Explored()
        first: Marking = ((begin, 1),)
        found.before[first] = (first, self.net.arcs[begin].via)
        after: dict[Marking, list[Marking]] = {}
        todo = deque([first])
        while todo:
            here = todo.popleft()
            self._note(here, found)
            after[here] = []
            if not here or max(count for _, count in here) >= HEAP:
                found.whole &= not here
                continue
            for there, keys in self._moves(here, found):
                after[here].append(there)
                if there not in found.before:
                    if len(found.before) >= LIMIT:
                        found.whole = False
                        return found
                    found.before[there] = (here, keys)
                    todo.append(there)
        self._judge(found, after)
        return found

    def _note(self, here: Marking, found: Explored) -> None:
        into: dict[str, int] = {}
        for number, count in here:
            arc = self.net.arcs[number]
            found.done |= arc.covers
            into[arc.target] = into.get(arc.target, 0) + count
            if count > 1:
                for key in arc.via:
                    if key in self.net.activities:
                        found.twice.setdefault(key, here)
        for key, count in into.items():
            if count > 1 and key in self.net.activities:
                found.twice.setdefault(key, here)

    def _judge(self, found: Explored, after: Mapping[Marking, list[Marking]]) -> None:
        """Which markings lead to no end: the last of them are stuck, or go round for ever."""
        into: dict[Marking, list[Marking]] = {}
        for here, theres in after.items():
            for there in theres:
                into.setdefault(there, []).append(here)
        heaped = [m for m in after if m and max(count for _, count in m) >= HEAP]
        good, todo = set[Marking](), [m for m in after if not m] + heaped
        while todo:
            here = todo.pop()
            if here not in good:
                good.add(here)
                todo += into.get(here, [])
        bad = [m for m in after if m not in good]
        found.stuck = [m for m in bad if not after[m]]
        leads, todo = set[Marking](), list(found.stuck)
        while todo:
            here = todo.pop()
            if here not in leads:
                leads.add(here)
                todo += into.get(here, [])
        found.turning = [m for m in bad if m not in leads]

    def _moves(self, here: Marking, found: Explored) -> Iterator[tuple[Marking, tuple[str, ...]]]:
        tokens = dict(here)
        ready = []
        for key in {self.net.arcs[number].target for number in tokens}:
            node = self.net.nodes[key]
            if taken := self._taken(node, tokens):
                ready.append((node.split == CLEAR, self.rank[key], node, taken))
        ready.sort(key=lambda one: one[:2])
        quiet = [one for one in ready if not one[0]]
        for _, _, node, taken in ready if self.every_order else quiet[:1] or ready:
            found.done |= node.covers | {node.key}
            found.ends |= node.split != CLEAR and not node.outs
            for arcs in taken if self.every_order else taken[:1]:
                yield from self._fired(node, tokens, arcs)

    def _taken(self, node: Node, tokens: Mapping[int, int]) -> list[tuple[int, ...]]:
        """What a node would take, for each way in which it can begin now."""
        marked = tuple(number for number in node.ins if number in tokens)
        if node.join == ANY:
            return [(number,) for number in marked]
        if node.join == ALL:
            return [marked] if len(marked) == len(node.ins) else []
        full, ahead = set(marked), self.ahead[node.key]
        for number in tokens:
            if number not in node.ins:
                reach = ahead.get(number, frozenset())
                if reach - full and not reach & full:
                    return []
        return [marked]

    def _fired(
        self, node: Node, tokens: Mapping[int, int], taken: tuple[int, ...]
    ) -> Iterator[tuple[Marking, tuple[str, ...]]]:
        if node.split == CLEAR:
            yield (), (node.key,)
            return
        left = dict(tokens)
        for number in taken:
            left[number] -= 1
        for sent in _ways(self.net, node):
            there = dict(left)
            for number in sent:
                there[number] = there.get(number, 0) + 1
            keys = (node.key, *(key for number in sent for key in self.net.arcs[number].via))
            yield tuple(sorted((n, count) for n, count in there.items() if count)), keys


def _ways(net: Net, node: Node) -> Iterator[tuple[int, ...]]:
    """The sets of arcs that a node may send tokens on."""
    for own in _own(net, node):
        yield own
        if node.beside:
            yield (*node.beside, *own)
            if len(node.beside) > 1:
                yield from ((one, *own) for one in node.beside)


def _own(net: Net, node: Node) -> Iterator[tuple[int, ...]]:
    if node.split == ONE:
        yield from ((number,) for number in node.outs)
        return
    if node.split == EACH or len(node.outs) < 2:
        yield tuple(node.outs)
        return
    roles: dict[str, list[int]] = {"always": [], "if": [], "default": []}
    for number in node.outs:
        roles[net.arcs[number].role].append(number)
    always, choice = tuple(roles["always"]), roles["if"]
    yield always or tuple(roles["default"]) or tuple(choice)
    sizes = range(1, len(choice) + 1) if len(choice) <= _WIDE else (1, 2, len(choice))
    for size in sizes:
        yield from ((*always, *chosen) for chosen in combinations(choice, size))


def _ahead(net: Net, join: Node) -> dict[int, frozenset[int]]:
    """For each arc, the arcs into a join that its token can reach without passing the join."""
    found: dict[int, set[int]] = {}
    for goal in join.ins:
        seen, todo = {goal}, [goal]
        while todo:
            number = todo.pop()
            found.setdefault(number, set()).add(goal)
            source = net.arcs[number].source
            if source and source != join.key:
                more = [one for one in net.nodes[source].ins if one not in seen]
                seen.update(more)
                todo += more
    return {number: frozenset(goals) for number, goals in found.items()}


def _ranks(net: Net) -> dict[str, int]:
    """How far on each node lies: its place in a reverse postorder from the beginnings."""
    order: list[str] = []
    seen: set[str] = set()
    for begin in net.begins:
        todo = [(net.arcs[begin].target, False)]
        while todo:
            key, left = todo.pop()
            if left:
                order.append(key)
            elif key not in seen:
                seen.add(key)
                node = net.nodes[key]
                todo.append((key, True))
                todo += [(net.arcs[n].target, False) for n in (*node.outs, *node.beside)]
    return {key: place for place, key in enumerate(reversed(order))}
