"""From tokens to the tree: literals, brackets, conditions, loops, functions."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from decisions.feel import tree
from decisions.feel.cursor import Cursor
from decisions.feel.lexer import unescaped
from decisions.feel.numbers import CONTEXT
from decisions.feel.temporal import temporal
from decisions.feel.type_grammar import read_type

_CONSTANTS = {"true": True, "false": False, "null": None}
_OPENS_TEST = ("<", "<=", ">", ">=", "=", "!=")


class Forms(Cursor):
    """Everything that begins an operand."""

    ends_range = False
    lowest_in_test = 4

    def expression(self) -> tree.Node:
        """A whole expression; the operators know it."""
        raise NotImplementedError

    def operand(self) -> tree.Node:
        """An expression without comparison, `and` and `or`."""
        raise NotImplementedError

    def within(self, read: Callable[[], tree.Node]) -> tree.Node:
        """Read inside brackets: what holds outside does not hold there."""
        outside = self.ends_range, self.lowest_in_test
        self.ends_range, self.lowest_in_test = False, 4
        node = read()
        self.ends_range, self.lowest_in_test = outside
        return node

    def primary(self) -> tree.Node:
        """An operand before its postfixes."""
        token = self.token
        match token.kind:
            case "number":
                return self._number()
            case "string":
                self.advance()
                return tree.Literal(token.start, unescaped(token.text))
            case "word":
                return self._word()
        match token.text:
            case "(":
                return self._round()
            case "[":
                return self._square()
            case "]":
                return self._interval(self.advance().start)
            case "{":
                return self._context()
            case "@":
                return self._at_literal()
        raise self.error(f"a value is expected, not {self.found()}")

    def _number(self) -> tree.Node:
        token = self.advance()
        try:
            return tree.Literal(token.start, CONTEXT.create_decimal(Decimal(token.text)))
        except InvalidOperation:
            raise self.error("the number is too large") from None
        except ArithmeticError:
            raise self.error("the number is too large or too small") from None

    def _word(self) -> tree.Node:
        at, text = self.token.start, self.token.text
        spaced = self.known_name(least=2)
        if spaced is not None:
            return tree.Name(at, spaced)
        if text in _CONSTANTS:
            self.advance()
            return tree.Literal(at, _CONSTANTS[text])
        match text:
            case "if":
                return self._if()
            case "for":
                return self._for()
            case "some" | "every":
                return self._quantified()
            case "function" if self.ahead().text == "(":
                return self._function()
        return tree.Name(at, self.name())

    def _round(self) -> tree.Node:
        at = self.advance().start
        sign = self.accept(*_OPENS_TEST)
        if sign:
            node = self._half_range(at, sign.text)
        else:
            node = self.within(self.expression)
            if self.accept(".."):
                return self.finish_interval(at, node, included=False)
        self.expect(")")
        return node

    def _half_range(self, at: int, sign: str) -> tree.Node:
        """`(< 5)` as a range that is open to one side."""
        end = self.within(self.operand)
        nothing = tree.Literal(at, None)
        if sign in ("=", "!="):
            return tree.Interval(at, end, end, sign == "=", sign == "=", sign=sign)
        if sign in ("<", "<="):
            return tree.Interval(at, nothing, end, False, sign == "<=", sign=sign)
        return tree.Interval(at, end, nothing, sign == ">=", False, sign=sign)

    def _square(self) -> tree.Node:
        at = self.advance().start
        if self.accept("]"):
            return tree.Items(at, ())
        items = [self.within(self.expression)]
        if self.accept(".."):
            return self.finish_interval(at, items[0], included=True)
        while self.accept(","):
            items.append(self.within(self.expression))
        self.expect("]")
        return tree.Items(at, tuple(items))

    def _interval(self, at: int) -> tree.Node:
        start = self.within(self.operand)
        self.expect("..")
        return self.finish_interval(at, start, included=False)

    def finish_interval(self, at: int, start: tree.Node, *, included: bool) -> tree.Node:
        """The end of a range and its bracket."""
        outside, self.ends_range = self.ends_range, True
        end = self.operand()
        self.ends_range = outside
        closing = self.expect("]", "[", ")").text
        return tree.Interval(at, start, end, included, closing == "]")

    def _context(self) -> tree.Node:
        at = self.advance().start
        entries: list[tuple[str, tree.Node]] = []

        def entry() -> None:
            key = self.key()
            entries.append((key, self.within(self.expression)))
            self.know(key)

        with self.block():
            self.separated("}", entry)
        if len({key for key, _ in entries}) < len(entries):
            raise self.error("the context has two entries of one name", "Rename one of them.")
        return tree.Entries(at, tuple(entries))

    def _at_literal(self) -> tree.Node:
        at = self.advance().start
        if self.token.kind != "string":
            raise self.error(f"a string is expected after '@', not {self.found()}")
        value = temporal(unescaped(self.token.text))
        if value is None:
            remedy = 'As in @"2026-11-23", @"2026-11-23T10:00:00", @"PT5H" or @"P1Y2M".'
            raise self.error(f"{self.found()} is no date, time or duration", remedy)
        self.advance()
        return tree.Literal(at, value)

    def _if(self) -> tree.Node:
        at = self.advance().start
        condition = self.expression()
        self.expect("then")
        yes = self.expression()
        self.expect("else")
        return tree.If(at, condition, yes, self.expression())

    def _for(self) -> tree.Node:
        at = self.advance().start
        with self.block():
            iterators = self._iterators()
            self.expect("return")
            return tree.For(at, iterators, self.expression())

    def _quantified(self) -> tree.Node:
        every = self.advance()
        with self.block():
            iterators = self._iterators()
            self.expect("satisfies")
            body = self.expression()
        return tree.Quantified(every.start, every.text == "every", iterators, body)

    def _iterators(self) -> tuple[tree.Iterator, ...]:
        iterators: list[tree.Iterator] = []
        while True:
            name = self.new_name("in")
            self.expect("in")
            domain = self.within(self.expression)
            if self.accept(".."):
                end = self.within(self.expression)
                domain = tree.Interval(domain.at, domain, end, True, True, walk=True)
            self.know(name)
            iterators.append((name, domain))
            if not self.accept(","):
                return tuple(iterators)

    def _function(self) -> tree.Node:
        with self.block():
            return self._definition(self.advance().start)

    def _definition(self, at: int) -> tree.Node:
        self.expect("(")
        parameters: list[str] = []
        types: list[tree.Type | None] = []

        def parameter() -> None:
            name = self.new_name()
            self.know(name)
            parameters.append(name)
            types.append(read_type(self) if self.accept(":") else None)

        self.separated(")", parameter)
        if self.sees("external"):
            remedy = "Write the function in FEEL."
            raise self.error("external functions are not executed here", remedy)
        body = self.within(self.expression)
        return tree.Lambda(at, tuple(parameters), tuple(types), body)
