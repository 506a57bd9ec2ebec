"""Expressions to Python source. Nothing of a template is ever written into the source: its constants are in a pool."""

from __future__ import annotations

from tearoff.velocity.methods import MAP_PROPERTIES
from tearoff.velocity.nodes import (
    Binary,
    Constant,
    Expression,
    Index,
    Interpolated,
    ListLiteral,
    MapLiteral,
    Method,
    Negate,
    Node,
    Not,
    Property,
    RangeLiteral,
    Reference,
    Tag,
    Text,
)

DEPTH_MAX = 10


def _is_literal(node: Expression) -> bool:
    """Whether an operand begins with what never is a number or a text; the reference engine then fails."""
    while isinstance(node, Not | Negate | Binary):
        node = node.left if isinstance(node, Binary) else node.operand
    if isinstance(node, Constant):
        return not isinstance(node.value, str)
    return isinstance(node, ListLiteral | MapLiteral | RangeLiteral)


def _plain_key(step: object) -> str | None:
    """The key of `.name` and of `.get('name')`, where no method comes first."""
    if isinstance(step, Property):
        return None if step.name in MAP_PROPERTIES else step.name
    if isinstance(step, Method) and step.name == "get" and len(step.arguments) == 1:
        argument = step.arguments[0]
        if isinstance(argument, Constant) and type(argument.value) is str:
            return argument.value
    return None


COMPARISONS = frozenset({"<", "<=", ">", ">="})


class Source:
    """Lines of Python under construction, and for each the place in the template that it comes from."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.places: list[int] = []

    def add(self, indent: int, line: str, at: int) -> None:
        """One line."""
        self.lines.append(" " * indent + line)
        self.places.append(at)


class Emitter:
    """Writes expressions as Python expressions over `r` (the render), `c` (the context) and `G` (its get)."""

    def __init__(self, escape_html: bool) -> None:
        self.done = Source()
        self.pool: dict[str, object] = {}
        self._names: dict[tuple[type, object], str] = {}
        self.functions = 0
        self.depth = 0
        self.at = 0
        self.show = "H" if escape_html else "R"
        self.tag = "TH" if escape_html else "TG"
        self.in_string = 0
        self.is_repeated = False
        self.fixed: frozenset[str] = frozenset()
        self.items: dict[str, str] = {}
        self.prologue: dict[str, str] = {}

    def constant(self, value: object) -> str:
        """The name of a constant in the pool; equal constants share one."""
        key = (type(value), value if value == value and value != 0 else repr(value))
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = f"K{len(self._names)}"
            self.pool[name] = value
        return name

    def function(self) -> str:
        """A new name for a function."""
        self.functions += 1
        return f"f{self.functions}"

    def string_function(self, body: tuple[Node, ...]) -> str:
        """A function that renders a string literal with directives; gives its name."""
        raise NotImplementedError

    def value(self, node: Expression) -> str:
        """A Python expression for the value of `node`."""
        self.depth += 1
        found = self._outlined(node) if self.depth > DEPTH_MAX else self._value(node)
        self.depth -= 1
        return found

    def _outlined(self, node: Expression) -> str:
        name, depth, items, fixed = self.function(), self.depth, self.items, self.fixed
        self.depth, self.items, self.fixed = 0, {}, frozenset()
        body = self._value(node)
        self.depth, self.items, self.fixed = depth, items, fixed
        self.done.add(0, f"def {name}(r, c, G):", self.at)
        self.done.add(1, f"return {body}", self.at)
        return f"{name}(r, c, G)"

    def _value(self, node: Expression) -> str:
        match node:
            case Constant():
                return self.constant(node.value)
            case Reference():
                return self.reference(node)
            case Interpolated():
                return self._interpolated(node)
            case Binary():
                return self._binary(node)
            case Not():
                return f"(not {self.truth(node.operand)})"
            case Negate():
                return f"NEG({self.value(node.operand)}, {_is_literal(node.operand)})"
            case ListLiteral():
                return f"[{', '.join(self.value(each) for each in node.items)}]"
            case RangeLiteral():
                return f"BETWEEN(r, {self.value(node.first)}, {self.value(node.last)})"
            case MapLiteral():
                pairs = ", ".join(f"({self.value(key)}, {self.value(each)})" for key, each in node.items)
                return f"MAP(r, ({pairs},))" if pairs else "{}"

    def truth(self, node: Expression) -> str:
        """A Python expression that is True or False."""
        if isinstance(node, Not) or (isinstance(node, Binary) and node.operator not in "+-*/%"):
            return self.value(node)
        if isinstance(node, RangeLiteral | Binary):
            return "False"
        if isinstance(node, ListLiteral | MapLiteral):
            return str(bool(node.items))
        if isinstance(node, Negate):
            return self.truth(node.operand)
        return f"U({self.value(node)})"

    def _binary(self, node: Binary) -> str:
        sign = node.operator
        if sign in ("&&", "||"):
            word = "and" if sign == "&&" else "or"
            return f"({self.truth(node.left)} {word} {self.truth(node.right)})"
        left, right = self.value(node.left), self.value(node.right)
        bare = _is_literal(node.left) + 2 * _is_literal(node.right)
        if sign == "==":
            return f"SAME(r, {left}, {right})"
        if sign == "!=":
            return f"(not SAME(r, {left}, {right}))"
        if sign in COMPARISONS:
            return f"COMPARE({self.constant(sign)}, {left}, {right}, {bare})"
        if sign == "+":
            literals = f"{self.constant(node.left_literal)}, {self.constant(node.right_literal)}"
            return f"ADD(r, {left}, {right}, {literals}, {bare})"
        return f"CALCULATE(r, {self.constant(sign)}, {left}, {right}, {bare})"

    def _interpolated(self, node: Interpolated) -> str:
        if all(isinstance(each, Text | Tag | Reference) for each in node.body):
            self.in_string += 1
            pieces = ", ".join(self.element(each) for each in node.body)
            self.in_string -= 1
            return f"J(r, ({pieces},))" if pieces else self.constant("")
        return f"STRING(r, c, {self.string_function(node.body)})"

    def element(self, node: Node) -> str:
        """A Python expression for what a text, a tag or a reference prints."""
        if isinstance(node, Text):
            return self.constant(node.text)
        show, tag = ("R", "TG") if self.in_string else (self.show, self.tag)
        if isinstance(node, Tag):
            parts = (self.constant(node.name), self.constant(node.fallback), self.constant(node.literal))
            return f"{tag}(r, {', '.join(parts)})"
        assert isinstance(node, Reference)
        self.at = node.at
        value, absent = self.reference(node), self.constant(node.absent)
        if node.present is not None:
            return f"({absent} if {value} is None else {self.constant(node.present)})"
        if node.before:
            return f"BEFORE(r, {value}, {absent}, {self.constant(node.before)}, {show})"
        if show == "H" and self.is_repeated:
            return f"(v if T(v := {value}) is S and v.isalnum() else H(r, v, {absent}))"
        if not self.is_repeated:
            return f"{show}(r, {value}, {absent})"
        return f"(v if T(v := {value}) is S else {show}(r, v, {absent}))"

    def reference(self, node: Reference) -> str:
        """A Python expression for the value of a reference."""
        if not node.name:
            return "None"
        value, path = self._root(node)
        for step in path:
            value = self._step(value, step)
        if node.alternate is not None:
            return f"(x if U(x := {value}) else {self.value(node.alternate)})"
        return value

    def _root(self, node: Reference) -> tuple[str, tuple[Property | Method | Index, ...]]:
        """The variable, with its first `.name` or `.get('name')` where that is a quick look into a map."""
        name = self.constant(node.name)
        step = node.path[0] if node.path else None
        key, is_property = _plain_key(step), isinstance(step, Property)
        item = self.items.get(node.name)
        if item is not None:
            return (item, node.path) if key is None else (self._of_item(item, key, is_property), node.path[1:])
        if node.name not in self.fixed:
            return f"G({name})", node.path
        if key is None:
            return self.hoisted(name, "G({0})", "g"), node.path
        local = (
            self.hoisted(name, "GETTER(r, G({0}))", "p")
            if is_property
            else self.hoisted(name, "LOOKUP(r, G({0}))", "m")
        )
        return f"{local}({self.constant(key)})", node.path[1:]

    def _of_item(self, item: str, key: str, is_property: bool) -> str:
        held = self.constant(key)
        slow = f"P(r, {item}, {held})" if is_property else f"M(r, {item}, {self.constant('get')}, ({held},))"
        return f"({item}.get({held}) if is_{item} else {slow})"

    def hoisted(self, name: str, source: str, lead: str) -> str:
        """A local variable of the function being written, computed at its start."""
        local = lead + name
        self.prologue[local] = source.format(name)
        return local

    def _step(self, base: str, step: Property | Method | Index) -> str:
        if isinstance(step, Property):
            name = self.constant(step.name)
            if step.name in MAP_PROPERTIES:
                return f"P(r, {base}, {name})"
            return f"(d.get({name}) if T(d := {base}) is D else P(r, d, {name}))"
        if isinstance(step, Index):
            return f"(None if (d := {base}) is None else ITEM(r, d, {self.value(step.index)}))"
        name = self.constant(step.name)
        arguments = step.arguments
        held = _plain_key(step)
        if held is not None:
            key = self.constant(held)
            return f"(d.get({key}) if T(d := {base}) is D else M(r, d, {name}, ({key},)))"
        values = "".join(self.value(each) + ", " for each in arguments)
        return f"(None if (d := {base}) is None else M(r, d, {name}, ({values})))"
