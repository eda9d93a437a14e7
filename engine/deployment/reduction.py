"""Smaller nets that can stop, go round and run twice wherever the larger ones can.

What lies in a row becomes one arc; a block whose join mends what its split parts becomes one arc;
a turn back to the same choice is left out; choices that follow each other become one.
"""

from engine.deployment.nets import ALL, ANY, CLEAR, EACH, ONE, OPEN, SOME, Arc, Net, Node


def reduce(net: Net) -> None:
    """Apply the rules until none applies; each takes an arc or a node away."""
    again = True
    while again:
        again = False
        for key in list(net.nodes):
            node = net.nodes.get(key)
            if node is not None and len(node.ins) == 1:
                node.join = ANY
            if node is not None and (
                _row(net, node) or _block(net, node) or _turn(net, node) or _choices(net, node)
            ):
                again = True


def _row(net: Net, node: Node) -> bool:
    """A node that hands on each token by one arc is worth the arc alone."""
    if len(node.ins) != 1 or len(node.outs) != 1 or node.beside or node.split == CLEAR:
        return False
    first, last = net.arcs[node.ins[0]], net.arcs[node.outs[0]]
    if first.source == node.key:
        return False
    first.via += (node.key, *last.via)
    first.covers |= last.covers | {node.key} | node.covers
    _retarget(net, node.ins[0], node.outs[0])
    del net.nodes[node.key]
    return True


def _retarget(net: Net, kept: int, gone: int) -> None:
    """An arc leads where another led, which goes."""
    target = net.nodes[net.arcs[gone].target]
    net.arcs[kept].target = target.key
    target.ins = [kept if number == gone else number for number in target.ins]
    del net.arcs[gone]


def _block(net: Net, node: Node) -> bool:
    """Two arcs from a split to a join that takes both, or either, as it is sent."""
    if node.beside:
        return False
    seen: dict[str, int] = {}
    for number in node.outs:
        target = net.nodes[net.arcs[number].target]
        kept = seen.setdefault(target.key, number)
        if kept != number and _mends(node.split, target.join):
            _merge(net, node, kept, number)
            return True
    return False


def _mends(split: str, join: str) -> bool:
    joins = {ONE: (ANY, SOME), EACH: (ALL, SOME), OPEN: (SOME,)}
    return join in joins.get(split, ())


def _merge(net: Net, node: Node, kept: int, gone: int) -> None:
    arc, other = net.arcs[kept], net.arcs[gone]
    if node.split != ONE:
        arc.via += other.via
    arc.covers |= other.covers
    roles = {arc.role, other.role}
    arc.role = next(role for role in ("always", "if", "default") if role in roles)
    node.outs.remove(gone)
    net.nodes[other.target].ins.remove(gone)
    del net.arcs[gone]


def _turn(net: Net, node: Node) -> bool:
    """A choice that leads straight back to itself, and elsewhere too."""
    back = [number for number in node.outs if net.arcs[number].target == node.key]
    if node.join != ANY or node.split != ONE or not back or len(back) == len(node.outs):
        return False
    for number in back:
        node.covers |= net.arcs[number].covers
        node.outs.remove(number)
        node.ins.remove(number)
        del net.arcs[number]
    return True


def _choices(net: Net, node: Node) -> bool:
    """A choice after a choice; a meeting before a meeting: where no activity lies between."""
    if node.join != ANY or node.beside or len(node.ins) == 0:
        return False
    if len(node.ins) == 1 and node.split == ONE:
        number = node.ins[0]
        before = net.nodes.get(net.arcs[number].source)
        if before is None or before.split != ONE or before is node or _busy(net, net.arcs[number]):
            return False
        if node.key in net.activities:
            return False
        _inherit(net, before, node, number)
        return True
    return len(node.outs) == 1 and node.split != CLEAR and _meet(net, node)


def _busy(net: Net, arc: Arc) -> bool:
    return bool(arc.covers & net.activities)


def _inherit(net: Net, before: Node, node: Node, number: int) -> None:
    arc = net.arcs.pop(number)
    place = before.outs.index(number)
    before.outs[place : place + 1] = node.outs
    for one in node.outs:
        out = net.arcs[one]
        out.source = before.key
        out.via = (*arc.via, node.key, *out.via)
        out.covers |= arc.covers | {node.key} | node.covers
    del net.nodes[node.key]


def _meet(net: Net, node: Node) -> bool:
    number = node.outs[0]
    arc, target = net.arcs[number], net.nodes[net.arcs[number].target]
    idle = not _busy(net, arc) and node.key not in net.activities
    if not idle or target.join != ANY or target is node:
        return False
    del net.arcs[number]
    place = target.ins.index(number)
    target.ins[place : place + 1] = node.ins
    for one in node.ins:
        into = net.arcs[one]
        into.target = target.key
        into.via += (node.key, *arc.via)
        into.covers |= arc.covers | {node.key} | node.covers
    del net.nodes[node.key]
    return True
