"""From tokens to the tree: operators, postfixes and unary tests (DMN 1.5 §10.3.1.2)."""

from collections.abc import Iterable

from decisions.errors import ExpressionInvalid
from decisions.feel import tree
from decisions.feel.builtins.registry import BUILTINS
from decisions.feel.cursor import KEYWORDS
from decisions.feel.forms import Forms
from decisions.feel.type_grammar import read_type

_LEVELS = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in"), 3),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/", 5),
    "**": 6,
}
_COMPARISONS = ("<=", ">=", "<", ">", "!=", "=")


class Parser(Forms):
    """Reads one text."""

    def expression(self) -> tree.Node:
        """A whole expression."""
        return self.operators(1)

    def operand(self) -> tree.Node:
        """An expression without comparison, `and` and `or`."""
        return self.operators(4)

    def operators(self, lowest: int) -> tree.Node:
        """An expression of operators that bind at least as tightly as the level."""
        self.enter()
        left = self._negation()
        while self.token.kind in ("sign", "word"):
            level = _LEVELS.get(self.token.text, 0)
            if level < lowest:
                break
            left = self._binary(left, level)
        self.leave()
        return left

    def _binary(self, left: tree.Node, level: int) -> tree.Node:
        token = self.advance()
        at, sign = token.start, token.text
        if sign == "between":
            low = self.operand()
            self.expect("and")
            return tree.Between(at, left, low, self.operand())
        if sign == "in":
            return tree.In(at, left, self._in_tests())
        right = self.operators(level + 1)
        if level < 3:
            return tree.Logic(at, sign, left, right)
        if level == 3:
            return tree.Comparison(at, sign, left, right)
        return tree.Arithmetic(at, sign, left, right)

    def _negation(self) -> tree.Node:
        minus = self.accept("-")
        if minus and self.token.kind != "number":
            self.enter()
            operand = self._negation()
            self.leave()
            return tree.Negation(minus.start, operand)
        value = self._postfixed()
        if minus:  # a number's own sign (rule 37) binds tighter than `instance of`
            value = tree.Negation(minus.start, value)
        while (token := self.token).text == "instance" and self.ahead().text == "of":
            self.advance()
            self.advance()
            value = tree.InstanceOf(token.start, value, read_type(self))
        return value

    def _postfixed(self) -> tree.Node:
        value = self.primary()
        while self.token.kind == "sign":
            at, sign = self.token.start, self.token.text
            if sign == ".":
                self.advance()
                value = tree.Path(at, value, self.name(of_entry=True))
            elif sign == "[" and not self._closes_range():
                self.advance()
                with self.filtering():
                    test = self.within(self.expression)
                self.expect("]")
                value = tree.Filter(at, value, test)
            elif sign == "(":
                value = self._call(value)
            else:
                break
        return value

    def _closes_range(self) -> bool:
        """Whether a `[` ends `]a..b[` here: no filter can begin with what follows it."""
        if not self.ends_range:
            return False
        after = self.ahead()
        if after.kind == "word":
            return after.text in KEYWORDS - {
                "if",
                "for",
                "some",
                "every",
                "function",
                "true",
                "false",
            }
        return after.kind == "end" or (after.kind == "sign" and after.text not in "([{-@")

    def _call(self, callee: tree.Node) -> tree.Node:
        at = self.expect("(").start
        names: list[str] = []
        named = self.key_stands_here()
        arguments: list[tree.Node] = []

        def argument() -> None:
            if named:
                names.append(self.key())
            arguments.append(self.within(self.expression))

        self.separated(")", argument)
        return tree.Call(at, callee, tuple(arguments), tuple(names) if named else None)

    def _in_tests(self) -> tuple[tree.Node, ...]:
        opening = self.accept("(")
        if not opening:
            outside, self.lowest_in_test = self.lowest_in_test, 4
            only = self.test()
            self.lowest_in_test = outside
            return (only,)
        first = self._bracketed_test()
        if self.accept(".."):
            return (self.finish_interval(opening.start, first, included=False),)
        tests = [first]
        while self.accept(","):
            tests.append(self._bracketed_test())
        self.expect(")")
        return tuple(tests)

    def _bracketed_test(self) -> tree.Node:
        """A test inside brackets: nothing outside can be meant by its operators."""

        def read() -> tree.Node:
            self.lowest_in_test = 1
            return self.test()

        return self.within(read)

    def test(self) -> tree.Node:
        """One positive unary test."""
        sign = self.accept(*_COMPARISONS)
        if sign:
            return tree.Test(sign.start, sign.text, self.operand())
        return self.test_expression()

    def test_expression(self) -> tree.Node:
        """A test without an operator: a value, list, range, or condition on `?`."""
        return self.operators(self.lowest_in_test)

    def tests(self) -> tree.Tests:
        """The unary tests of a decision table's cell."""
        self.lowest_in_test = 1
        at = self.token.start
        if self.token.text == "-" and self.ahead().kind == "end":
            self.advance()
            return tree.Tests(at, (), negated=False)
        return tree.Tests(at, self._several(), negated=False)

    def negated_tests(self) -> tree.Tests | None:
        """A cell of the form `not(` tests `)`; None where it does not begin so."""
        self.lowest_in_test = 1
        at = self.token.start
        if not (self.sees("not") and self.ahead().text == "("):
            return None
        self.advance()
        self.advance()
        tests = self._several()
        self.expect(")")
        self.end()
        return tree.Tests(at, tests, negated=True)

    def _several(self) -> tuple[tree.Node, ...]:
        tests = [self.test()]
        while self.accept(","):
            tests.append(self.test())
        return tuple(tests)

    def end(self) -> None:
        """Nothing may be left."""
        if self.token.kind != "end":
            raise self.error(f"{self.found()} cannot stand here", "An operator or comma lacks.")


def parse(text: str, names: Iterable[str] = (), entries: Iterable[str] = ()) -> tree.Node:
    """The tree of an expression; `entries` are names of contexts' entries with signs in them.

    Raises ExpressionInvalid.
    """
    parser = Parser(text, [*_spaced_builtins(), *names], entries)
    node = parser.expression()
    parser.end()
    return node


def parse_tests(text: str, names: Iterable[str] = (), entries: Iterable[str] = ()) -> tree.Tests:
    """The tree of a cell's unary tests; raises ExpressionInvalid."""
    known = [*_spaced_builtins(), *names]
    failed: ExpressionInvalid | None = None
    try:
        if (negated := Parser(text, known, entries).negated_tests()) is not None:
            return negated
    except ExpressionInvalid as error:  # then it is a condition that begins with a negation
        failed = error
    parser = Parser(text, known, entries)
    try:
        node = parser.tests()
        parser.end()
    except ExpressionInvalid as error:
        raise failed if failed is not None and failed.reach > error.reach else error from None
    return node


def parse_type(text: str, names: Iterable[str] = ()) -> tree.Type:
    """The tree of a type; raises ExpressionInvalid."""
    parser = Parser(text, names)
    found = read_type(parser)
    parser.end()
    return found


def _spaced_builtins() -> list[str]:
    """Built-in names of several words; a single word needs no help to be read."""
    return [name for name in BUILTINS if " " in name]
