"""Literals, variables, conditions and three-valued logic (DMN 1.5 §10.3.2.11)."""

from decisions.feel import tree
from decisions.feel.builder import Builder, form
from decisions.feel.builtins.registry import BUILTINS
from decisions.feel.frame import Closure, Frame
from decisions.values import Value, kind


@form(tree.Literal)
def _literal(_: Builder, node: tree.Literal) -> Closure:
    value = node.value
    return lambda _: value


@form(tree.Name)
def _name(builder: Builder, node: tree.Name) -> Closure:
    name, place = node.name, builder.place(node)
    builtin = BUILTINS.get(name)
    builder.use(name, certain=builtin is None)

    def variable(frame: Frame) -> Value:
        try:
            return frame.values[name]
        except KeyError:
            return further(frame)

    def further(frame: Frame) -> Value:
        scope = frame.parent
        while scope is not None:
            values = scope.values
            if name in values:
                return values[name]
            scope = scope.parent
        if builtin is not None:
            return builtin.as_value(frame.run, place)
        return frame.run.fail(place, f"{name} is not known")

    return variable


@form(tree.If)
def _if(builder: Builder, node: tree.If) -> Closure:
    condition, yes, no = (builder.build(part) for part in (node.condition, node.yes, node.no))
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)


@form(tree.Logic)
def _logic(builder: Builder, node: tree.Logic) -> Closure:
    operands = [builder.build(operand) for operand in _chain(node)]
    sign, place = node.operator, builder.place(node)
    decisive = sign == "or"  # the value that settles the matter by itself

    def logic(frame: Frame) -> Value:
        result: bool | None = not decisive
        odd: Value = None
        for operand in operands:
            value = operand(frame)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                result, odd = None, value if odd is None else odd
        if odd is not None:
            frame.run.fail(place, f"{sign} takes no {kind(odd)}")
        return result

    return logic


def _chain(node: tree.Logic) -> list[tree.Node]:
    """The operands of `a and b and c`, which may be many and stand side by side, not in depth."""
    found = [node.right]
    rest = node.left
    while isinstance(rest, tree.Logic) and rest.operator == node.operator:
        found.append(rest.right)
        rest = rest.left
    return [rest, *reversed(found)]
