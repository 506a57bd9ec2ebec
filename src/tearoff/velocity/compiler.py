"""A tree to a Python function: runs of text and references become one `extend`, directives become Python's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tearoff.velocity import arithmetic, calls, jumps, runtime, values
from tearoff.velocity.emit import Emitter, Source
from tearoff.velocity.nodes import (
    Break,
    Call,
    Define,
    Evaluate,
    Foreach,
    If,
    Include,
    Index,
    Macro,
    Method,
    Node,
    Parse,
    Reference,
    Set,
    Stop,
    Tag,
    Text,
)
from tearoff.velocity.survey import Survey
from tearoff.velocity.units import Compiled

INDENT_MAX = 12

LANGUAGE_NAMES = frozenset({"foreach", "velocityCount", "bodyContent"})
"""Variables that the language itself gives values."""

HEAD = "def {name}(r, c, o):"

NAMESPACE: dict[str, object] = {
    "__builtins__": {"BreakOut": jumps.BreakOut, "StopRender": jumps.StopRender},
    "T": type,
    "S": str,
    "D": dict,
    "U": values.truth,
    "R": runtime.printed,
    "H": runtime.printed_html,
    "SHOW": runtime.show,
    "BEFORE": runtime.printed_after,
    "P": runtime.prop,
    "M": runtime.call,
    "GETTER": runtime.getter,
    "LOOKUP": runtime.lookup,
    "ITEM": runtime.item,
    "PUT": runtime.put,
    "J": runtime.joined,
    "STRING": runtime.string,
    "ADD": arithmetic.add,
    "NEG": arithmetic.negate,
    "CALCULATE": arithmetic.calculate,
    "COMPARE": arithmetic.compare,
    "SAME": arithmetic.same,
    "BETWEEN": runtime.between,
    "MAP": runtime.entries,
    "EACH": runtime.iterate,
    "WATCH": runtime.watched,
    "SCOPE": runtime.loop_scope,
    "DONE": runtime.forget,
    "BACK": runtime.restore_loop,
    "TAKEN": runtime.refuse_loop,
    "BLOCK": values.Block,
    "MACRO": calls.call_macro,
    "TG": runtime.tag,
    "TH": runtime.tag_html,
    "BREAK": runtime.break_out,
    "EVALUATE": calls.evaluate,
    "PARSE": calls.parse,
    "INCLUDE": calls.include,
}


class Compiler(Emitter):
    """Writes statements."""

    def __init__(self, found: Survey, macros: list[Macro], escape_html: bool, filename: str, counts: bool) -> None:
        super().__init__(escape_html)
        self.found, self.macros = found, macros
        self.filename = filename
        self.refuses_foreach = not counts
        self.counts = counts and (found.is_dynamic or "velocityCount" in found.names)
        self.scopes = found.is_dynamic or found.jumps or self.counts or "foreach" in found.names
        if not found.is_dynamic:
            self.fixed = frozenset(found.names - found.assigned - LANGUAGE_NAMES)
        self.macro_names = None if found.is_dynamic else frozenset(macro.name for macro in macros)
        self.body = Source()
        self.loop: list[str] = []

    def compile(self, nodes: tuple[Node, ...]) -> Compiled:
        """The whole template."""
        macros = [self._macro(each) for each in self.macros]
        main = self._function(nodes, loop=False)
        text = "\n".join(self.done.lines)
        code = compile(text, self.filename, "exec", dont_inherit=True, optimize=2)
        namespace = {**NAMESPACE, **self.pool}
        exec(code, namespace)
        made = [
            calls.MacroCode(name, [(p, _get(namespace, default)) for p, default in parameters], namespace[body])  # type: ignore[arg-type]
            for name, parameters, body in macros
        ]
        return Compiled(namespace[main], made, self.done.places, code)  # type: ignore[arg-type]

    def _macro(self, node: Macro) -> tuple[str, list[tuple[str, str | None]], str]:
        parameters: list[tuple[str, str | None]] = []
        for name, default in node.parameters:
            function = None
            if default is not None:
                function = self.function()
                fixed, self.fixed = self.fixed, frozenset()
                value = self.value(default)
                self.fixed = fixed
                self.done.add(0, f"def {function}(r, c):", node.at)
                self.done.add(1, "G = c.get", node.at)
                self.done.add(1, f"return {value}", node.at)
            parameters.append((name, function))
        return node.name, parameters, self._function(node.body, loop=False)

    def string_function(self, body: tuple[Node, ...]) -> str:
        self.in_string += 1
        name = self._function(body, loop=False, is_string=True)
        self.in_string -= 1
        return name

    def _function(self, nodes: tuple[Node, ...], *, loop: bool, is_string: bool = False) -> str:
        """A function that renders `nodes`; with `loop` it stands for a part of a loop's body, True means break."""
        name = self.function()
        outer, self.body = self.body, Source()
        loops, self.loop = self.loop, ["outlined"] if loop else (["string"] if is_string else [])
        depth, self.depth = self.depth, 0
        items, self.items = self.items, {}
        prologue, self.prologue = self.prologue, {}
        self._block(nodes, 1)
        self.done.add(0, HEAD.format(name=name), 0)
        self.done.add(1, "E = o.extend; A = o.append; G = c.get", 0)
        for local, source in self.prologue.items():
            self.done.add(1, f"{local} = {source}", 0)
        self.done.lines += self.body.lines
        self.done.places += self.body.places
        self.body, self.loop, self.depth, self.items, self.prologue = outer, loops, depth, items, prologue
        return name

    def _block(self, nodes: tuple[Node, ...], indent: int) -> None:
        run: list[tuple[str, int]] = []
        if not nodes:
            self.body.add(indent, "0", self.at)
        for node in self._settled(nodes):
            if isinstance(node, Text | Tag) or (isinstance(node, Reference) and not self._may_be_block(node)):
                if self.found.ends_in_string and isinstance(node, Reference):
                    self._flush(run, indent)
                run.append((self.element(node), getattr(node, "at", self.at)))
                continue
            self._flush(run, indent)
            if isinstance(node, Reference):
                self._show(node, indent)
            else:
                self._statement(node, indent)
        self._flush(run, indent)

    def _settled(self, nodes: tuple[Node, ...]) -> list[Node]:
        """The nodes with calls of macros that cannot exist made text, and neighbouring texts made one."""
        settled: list[Node] = []
        run: list[str] = []
        for node in nodes:
            if type(node) is Text:
                run.append(node.text)
                continue
            if isinstance(node, Call) and self.macro_names is not None and node.name not in self.macro_names:
                run.append(node.literal)
                continue
            if run:
                settled.append(Text("".join(run)))
                run.clear()
            settled.append(node)
        return [*settled, Text("".join(run))] if run else settled

    def _may_be_block(self, node: Reference) -> bool:
        return node.present is None and (self.found.has_blocks or "bodyContent" in self.found.names)

    def _show(self, node: Reference, indent: int) -> None:
        self.at = node.at
        texts = f"{self.constant(node.absent)}, {self.constant(node.before)}"
        printer = "R" if self.in_string else self.show
        self._line(indent, f"SHOW(r, o, {self.reference(node)}, {texts}, {printer})", node.at)

    def _flush(self, run: list[tuple[str, int]], indent: int) -> None:
        if not run:
            return
        if len(run) == 1:
            self.body.add(indent, f"A({run[0][0]})", run[0][1])
        else:
            self.body.add(indent, "E((", run[0][1])
            for line, at in run:
                self.body.add(indent, line + ",", at)
            self.body.add(indent, "))", run[-1][1])
        run.clear()

    def _statement(self, node: Node, indent: int) -> None:
        if indent > INDENT_MAX:
            name = self._function((node,), loop=bool(self.loop))
            at = getattr(node, "at", 0)
            if self.loop:
                self.body.add(indent, f"if {name}(r, c, o):", at)
                self._leave(indent + 1, at)
            else:
                self.body.add(indent, f"if {name}(r, c, o): return True", at)
            return
        self.at = getattr(node, "at", 0)
        STATEMENTS[type(node)](self, node, indent)

    def _line(self, indent: int, line: str, at: int) -> None:
        self.body.add(indent, line, at)

    def _set(self, node: Set, indent: int) -> None:
        value, target = self.value(node.value), node.target
        step = target.path[-1] if target.path else None
        if not target.name or target.alternate is not None or isinstance(step, Method):
            self._line(indent, value, node.at)
        elif step is None:
            self._line(indent, f"c[{self.constant(target.name)}] = {value}", node.at)
        else:
            holder = Reference(target.name, target.path[:-1], "", "", None, None, "", target.at)
            self._line(indent, f"w = {value}", node.at)
            self._line(indent, f"if (b := {self.reference(holder)}) is not None:", node.at)
            name = self.value(step.index) if isinstance(step, Index) else self.constant(step.name)
            self._line(indent + 1, f"PUT(r, b, {name}, w, {isinstance(step, Index)})", node.at)

    def _if(self, node: If, indent: int) -> None:
        word = "if"
        for condition, body in node.branches:
            self.at = node.at
            self._line(indent, f"{word} {self.truth(condition)}:", node.at)
            self._block(body, indent + 1)
            word = "elif"
        if node.otherwise:
            self._line(indent, "else:", node.at)
            self._block(node.otherwise, indent + 1)

    def _foreach(self, node: Foreach, indent: int) -> None:
        number = self.function()
        name = self.constant(node.name)
        survey = Survey()
        survey.add(node.body)
        breaks = self.found.jumps or any(isinstance(each, Break | Stop) for each in _below(node.body))
        cost = survey.nodes + 1
        value = self.value(node.items)
        if self.found.mutates:
            value = f"(w{number} := {value})"
        self._line(indent, f"if i{number} := EACH(r, {value}, {0 if breaks else cost}):", node.at)
        inside = indent + 1
        first, functions = len(self.body.lines), self.functions
        self._line(inside, f"s{number} = G({name})", node.at)
        counter = self.constant("velocityCount")
        if self.counts:
            self._line(inside, f"n{number} = G({counter})", node.at)
        if self.scopes:
            self._line(inside, f"p{number} = SCOPE(c, i{number})", node.at)
        items = f"WATCH(w{number}, i{number})" if self.found.mutates else f"i{number}"
        outer_items = self.items
        if self.found.is_dynamic or node.name in self.found.set_names or node.name in survey.assigned:
            self._line(inside, f"for c[{name}] in {items}:", node.at)
            self.items = {each: local for each, local in outer_items.items() if each != node.name}
        else:
            item = f"x{number}"
            self._line(inside, f"for {item} in {items}:", node.at)
            self._line(inside + 1, f"c[{name}] = {item}; is_{item} = T({item}) is D", node.at)
            self.items = {**outer_items, node.name: item}
        held = self.items.get(node.name)
        if self.scopes:
            self._line(inside + 1, f"p{number}.index += 1", node.at)
        if self.counts:
            self._line(inside + 1, f"c[{counter}] = p{number}.index + 1", node.at)
        if breaks:
            self._line(inside + 1, f"r.spend({cost})", node.at)
        self.loop.append("loop")
        is_repeated, self.is_repeated = self.is_repeated, True
        if self.found.jumps:
            self._line(inside + 1, "try:", node.at)
            self._block(node.body, inside + 2)
            self._line(inside + 1, "except BreakOut as jump:", node.at)
            self._line(inside + 2, f"if jump.scope is None or jump.scope is p{number}: break", node.at)
            self._line(inside + 2, "raise", node.at)
        else:
            self._block(node.body, inside + 1)
        self.loop.pop()
        self.items, self.is_repeated = outer_items, is_repeated
        self._line(inside, f"DONE(c, {name}, s{number})", node.at)
        if held == f"x{number}" and functions == self.functions and not (self.macros or self.found.has_blocks):
            self._keep_local(first, name, held)
        if self.counts:
            self._line(inside, f"DONE(c, {counter}, n{number})", node.at)
        if self.scopes:
            self._line(inside, f"BACK(c, p{number})", node.at)
        if self.refuses_foreach and node.name == "foreach":
            self._line(inside, "TAKEN()", node.at)
        if node.otherwise:
            self._line(indent, "else:", node.at)
            self._block(node.otherwise, inside)

    def _keep_local(self, first: int, name: str, item: str) -> None:
        """Take out what keeps a loop's variable in the context where nothing but the loop's own Python reads it."""
        lines, places = self.body.lines, self.body.places
        written = "\n".join(lines[first:])
        if f"G({name})" in written.replace(f"= G({name})", "", 1):
            return
        is_asked = f"if is_{item} " in written
        for at in range(len(lines) - 1, first - 1, -1):
            line = lines[at].lstrip()
            if line == f"c[{name}] = {item}; is_{item} = T({item}) is D" and is_asked:
                lines[at] = lines[at].replace(f"c[{name}] = {item}; ", "")
            elif line.startswith((f"c[{name}] = {item};", f"DONE(c, {name}, s")) or at == first:
                del lines[at], places[at]

    def _leave(self, indent: int, at: int) -> None:
        """Python for `#break`: of the loop, of the function that a loop's body went into, or of the whole body."""
        if not self.loop:
            self._line(indent, "return", at)
        elif self.loop[-1] == "outlined":
            self._line(indent, "return True", at)
        elif self.loop[-1] == "string":
            self._line(indent, "raise BreakOut()", at)
        else:
            self._line(indent, "break", at)

    def _break(self, node: Break, indent: int) -> None:
        if node.scope is not None:
            self._line(indent, f"BREAK({self.value(node.scope)})", node.at)
        else:
            self._leave(indent, node.at)

    def _stop(self, node: Stop, indent: int) -> None:
        self._line(indent, "raise StopRender()", node.at)

    def _define(self, node: Define, indent: int) -> None:
        self._line(indent, f"c[{self.constant(node.name)}] = BLOCK({self._function(node.body, loop=False)})", node.at)

    def _call(self, node: Call, indent: int) -> None:
        body = "None" if node.body is None else self._function(node.body, loop=False)
        values = "".join(f"{self.value(each)} if n > {at} else None, " for at, each in enumerate(node.arguments))
        rest = f"{self.constant(node.literal)}, {self.constant(node.refused)}"
        self._line(indent, f"MACRO(r, c, o, {self.constant(node.name)}, lambda n: ({values}), {body}, {rest})", node.at)

    def _evaluate(self, node: Evaluate, indent: int) -> None:
        self._line(indent, f"EVALUATE(r, c, o, {self.value(node.source)})", node.at)

    def _parse(self, node: Parse, indent: int) -> None:
        self._line(indent, f"PARSE(r, c, o, {self.value(node.name)})", node.at)

    def _include(self, node: Include, indent: int) -> None:
        pieces = "".join(f"INCLUDE(r, {self.value(each)}, {at}), " for at, each in enumerate(node.names))
        self._line(indent, f"E(({pieces}))", node.at)

    def _nothing(self, node: Macro, indent: int) -> None:
        self._line(indent, "0", node.at)


def _get(namespace: dict[str, object], name: str | None) -> Callable[..., object] | None:
    return None if name is None else namespace[name]  # type: ignore[return-value]


def _below(nodes: tuple[Node, ...]) -> list[Node]:
    """The statements of a body and of its branches, but not of its inner loops."""
    found: list[Node] = []
    for node in nodes:
        found.append(node)
        if isinstance(node, If):
            for _, body in node.branches:
                found += _below(body)
            found += _below(node.otherwise)
    return found


STATEMENTS: dict[type, Callable[[Compiler, Any, int], None]] = {
    Set: Compiler._set,
    If: Compiler._if,
    Foreach: Compiler._foreach,
    Break: Compiler._break,
    Stop: Compiler._stop,
    Define: Compiler._define,
    Macro: Compiler._nothing,
    Call: Compiler._call,
    Evaluate: Compiler._evaluate,
    Parse: Compiler._parse,
    Include: Compiler._include,
}
