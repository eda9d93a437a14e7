"""Calls and function definitions (DMN 1.5 §10.3.2.13.1, §10.3.2.13.4)."""

from decisions.errors import LimitExceeded
from decisions.feel import limits, tree
from decisions.feel.builder import Builder, form
from decisions.feel.builtins.registry import BUILTINS, Builtin, Impossible
from decisions.feel.folding import folded
from decisions.feel.frame import Closure, Frame
from decisions.feel.function_types import ANY, Parameters, Typed
from decisions.feel.kinds import Check, conforming
from decisions.feel.sorting import sorting_by_key
from decisions.values import Function, Value, kind

_NEEDS = {"now": "now", "today": "today"}


@form(tree.Call)
def _call(builder: Builder, node: tree.Call) -> Closure:
    place = builder.place(node)
    if (constant := folded(node, builder.gives)) is not None:
        return lambda _: constant
    arguments = [builder.build(argument) for argument in node.arguments]
    found = _builtin(builder, node.callee)
    if found is not None:
        general = _builtin_call(builder, node, found, arguments)
        if found.name == "sort":
            return sorting_by_key(builder, node, arguments, general) or general
        return general
    callee = builder.build(node.callee)
    same_name = BUILTINS.get(node.callee.name) if isinstance(node.callee, tree.Name) else None
    fallback = _builtin_call(builder, node, same_name, arguments) if same_name else None

    def call(frame: Frame) -> Value:
        function = callee(frame)
        if type(function) is not Function:
            if fallback is not None:
                return fallback(frame)
            return frame.run.fail(place, f"{kind(function)} cannot be called")
        values = [argument(frame) for argument in arguments]
        return _apply(frame, place, function, values, node.names)

    return call


def _builtin(builder: Builder, callee: tree.Node) -> Builtin | None:
    """The built-in function that the name stands for, unless it was given another meaning."""
    if not isinstance(callee, tree.Name):
        return None
    name = callee.name
    if builder.gives(name):
        return None
    if name in _NEEDS:
        builder.use(_NEEDS[name])
    return BUILTINS.get(name)


def _builtin_call(
    builder: Builder, node: tree.Call, function: Builtin, arguments: list[Closure]
) -> Closure:
    place = builder.place(node)
    if function.library:
        builder.library.add(function.name)
    apply = function.calling(place, function.candidates(node.names, len(arguments)))
    heavy = limits.HEAVY.get(function.name, 0)

    def call(frame: Frame) -> Value:
        return apply(frame.run, [argument(frame) for argument in arguments])

    def weighed(frame: Frame) -> Value:
        frame.run.budget.spend(heavy)
        return call(frame)

    return weighed if heavy else call


def _apply(
    frame: Frame,
    place: str,
    function: Function,
    values: list[Value],
    names: tuple[str, ...] | None,
) -> Value:
    if names is not None:
        if set(names) != set(function.parameters) or len(names) != len(function.parameters):
            return frame.run.fail(place, "the arguments are not those of the function")
        values = [values[names.index(name)] for name in function.parameters]
    try:
        return function.call(*values)
    except Impossible as error:
        return frame.run.fail(place, str(error))


class _ArgumentError(Impossible):
    """The arguments of a user-defined function do not fit."""


@form(tree.Lambda)
def _lambda(builder: Builder, node: tree.Lambda) -> Closure:
    names = node.parameters
    builder.lambdas += 1
    with builder.binding(names):
        body, size = builder.body(node.body)
    cost = limits.OWN_CALL + size
    checks: list[Check | None] = [
        None if of is None else conforming(of, builder.types) for of in node.types
    ]

    takes: Parameters = [(of or ANY,) for of in node.types]
    result = _evident(node)

    def definition(frame: Frame) -> Value:
        run = frame.run
        budget = run.budget

        def call(*values: Value) -> Value:
            if len(values) != len(names):
                raise _ArgumentError(f"the function takes {len(names)} arguments")
            own: dict[str, Value] = {}
            for name, check, value in zip(names, checks, values, strict=True):
                if check:
                    run.walked(value)
                fits, own[name] = check(value) if check else (True, value)
                if not fits:
                    raise _ArgumentError(f"{name} cannot be {kind(value)}")
            budget.spend(cost)
            budget.calls += 1
            if budget.calls > limits.CALLS:
                raise LimitExceeded(
                    "expression-calls",
                    f"more than {limits.CALLS} calls within each other",
                    remedy="End the recursion, or walk a list with for.",
                )
            try:
                return body(Frame(own, frame, run))
            finally:
                budget.calls -= 1

        return Function(
            names, Typed(call, lambda count: [takes] if count == len(takes) else [], result)
        )

    return definition


def _evident(node: tree.Lambda) -> tree.Type | None:
    """The type of what a function gives, where it is a literal or one of the parameters."""
    body = node.body
    if isinstance(body, tree.Literal):
        return tree.Type(body.at, kind(body.value))
    if isinstance(body, tree.Name) and body.name in node.parameters:
        return node.types[node.parameters.index(body.name)]
    return None
