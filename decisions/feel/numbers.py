"""Numbers: decimals of 34 digits (DMN 1.5 §10.3.2.3.1), never floats."""

import re
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
"""The arithmetic of every number; IEEE 754 decimal128."""

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
"""A number as text, not as an expression: with its sign."""

ZERO = Decimal(0)
ONE = Decimal(1)


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """The power; any number to the power of zero is one (IEEE 754). Raises ArithmeticError."""
    if not exponent:
        return ONE
    result = CONTEXT.power(base, exponent)
    if not result.is_finite():
        raise ArithmeticError("zero has no power below zero")
    return result


def plain(number: Decimal) -> str:
    """The number as FEEL writes it: without exponent, without trailing zeros it was not given."""
    return format(CONTEXT.plus(number), "f")


def whole(number: Decimal) -> int | None:
    """The number as an integer; None when it has a fraction or is too large to count with."""
    if not number.is_finite() or number.adjusted() > 18 or number != number.to_integral_value():
        return None
    return int(number)
