"""Functions of numbers (DMN 1.5 §10.3.4.5)."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from decisions import timeline
from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.numbers import CONTEXT, ZERO
from decisions.values import Months
from decisions.wide import Duration

_SCALES = range(-6111, 6177)


def _rounded(number: Decimal, scale: Decimal | None, rounding: str) -> Decimal:
    """The number with that many digits after the point; before it when negative."""
    digits = 0 if scale is None else int(scale)
    if digits not in _SCALES:
        raise Impossible(f"a scale is from {_SCALES.start} to {_SCALES.stop - 1}")
    if int(number.as_tuple().exponent) >= -digits:
        return number
    context = CONTEXT.copy()
    context.prec = 2 * context.prec
    return CONTEXT.plus(number.quantize(Decimal(1).scaleb(-digits), rounding, context))


@builtin("decimal(n: number, scale: number)")
def decimal(number: Decimal, scale: Decimal) -> Decimal:
    """Rounded half to even."""
    return _rounded(number, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number)", "floor(n: number, scale: number)")
def floor(number: Decimal, scale: Decimal | None = None) -> Decimal:
    """Rounded down, towards minus infinity."""
    return _rounded(number, scale, ROUND_FLOOR)


@builtin("ceiling(n: number)", "ceiling(n: number, scale: number)")
def ceiling(number: Decimal, scale: Decimal | None = None) -> Decimal:
    """Rounded up, towards infinity."""
    return _rounded(number, scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def round_up(number: Decimal, scale: Decimal) -> Decimal:
    """Rounded away from zero."""
    return _rounded(number, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)")
def round_down(number: Decimal, scale: Decimal) -> Decimal:
    """Rounded towards zero."""
    return _rounded(number, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def round_half_up(number: Decimal, scale: Decimal) -> Decimal:
    """Rounded to the nearest, halves away from zero."""
    return _rounded(number, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def round_half_down(number: Decimal, scale: Decimal) -> Decimal:
    """Rounded to the nearest, halves towards zero."""
    return _rounded(number, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number|days and time duration|years and months duration)")
def absolute(value: Decimal | Duration | Months) -> Decimal | Duration | Months:
    """The value without its sign."""
    if isinstance(value, Decimal):
        return CONTEXT.abs(value)
    if isinstance(value, Months):
        return Months(abs(value.count))
    return timeline.duration(abs(timeline.nanos(value)))


@builtin("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """What is left of a division; it has the sign of the divisor."""
    rest = _rest(dividend, divisor)
    if rest and (rest < ZERO) != (divisor < ZERO):
        return CONTEXT.add(rest, divisor)
    return CONTEXT.plus(rest)


def _rest(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The exact rest, with the sign of the dividend: the quotient may have many more digits."""
    context = CONTEXT.copy()
    context.prec += max(0, dividend.adjusted() - divisor.adjusted()) + context.prec
    return context.remainder(dividend, divisor)


@builtin("sqrt(number: number)")
def sqrt(number: Decimal) -> Decimal:
    """The square root; null for a negative number."""
    return CONTEXT.sqrt(number)


@builtin("log(number: number)")
def log(number: Decimal) -> Decimal:
    """The natural logarithm; null for zero and less."""
    if number <= ZERO:
        raise Impossible("only numbers above zero have one")
    return CONTEXT.ln(number)


@builtin("exp(number: number)")
def exp(number: Decimal) -> Decimal:
    """Euler's number to that power."""
    return CONTEXT.exp(number)


@builtin("odd(number: number)")
def odd(number: Decimal) -> bool:
    """Whether the number is odd."""
    return _halves(number) == 1


@builtin("even(number: number)")
def even(number: Decimal) -> bool:
    """Whether the number is even."""
    return _halves(number) == 0


def _halves(number: Decimal) -> Decimal:
    """0 or 1, what is left of a whole number when it is halved."""
    rest = abs(_rest(number, Decimal(2)))
    if rest not in (0, 1):
        raise Impossible(f"{number} is no whole number")
    return rest
