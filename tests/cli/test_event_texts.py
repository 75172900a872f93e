"""Every type of event the program records has a text on the page of its case."""

import ast
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import aftersales_cli
from aftersales_cli.cli.cases_timeline import find_event_text
from aftersales_cli.desk.transitions import PASSING_EVENTS, VERBS

PACKAGE = Path(aftersales_cli.__file__).parent
RECORDER, TYPE_PLACE = "record_event", 2


@dataclass(frozen=True)
class Call:
    """A call by a plain name, with the function it stands in."""

    module: int
    inside: ast.FunctionDef
    node: ast.Call


class Code:
    """All modules of the program, and who calls what in them."""

    def __init__(self) -> None:
        self.modules = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))]
        self.calls: dict[str, list[Call]] = defaultdict(list)
        for place, module in enumerate(self.modules):
            for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                        self.calls[node.func.id].append(Call(place, function, node))

    def types(self, node: ast.AST, call: Call) -> set[str]:
        """Return the constants an expression for an event's type can be; those of repairs by their beginning."""
        if isinstance(node, ast.Constant):
            return {str(node.value)}
        if isinstance(node, ast.JoinedStr):
            first = node.values[0]
            assert isinstance(first, ast.Constant)
            assert isinstance(first.value, str)
            return {f"{first.value}x"}
        if isinstance(node, ast.IfExp):
            return self.types(node.body, call) | self.types(node.orelse, call)
        if isinstance(node, ast.Attribute):  # VERBS[verb].event
            return {verb.event for verb in VERBS.values()}
        if isinstance(node, ast.Subscript):
            return self._table(ast.unparse(node.value), call)
        assert isinstance(node, ast.Name), ast.dump(node)
        return self._given(node.id, call)

    def _table(self, name: str, call: Call) -> set[str]:
        if name == "PASSING_EVENTS":
            return set(PASSING_EVENTS.values())
        table = next(
            entry.value
            for entry in self.modules[call.module].body
            if isinstance(entry, ast.Assign) and ast.unparse(entry.targets[0]) == name
        )
        assert isinstance(table, ast.Dict)
        return {str(value.value) for value in table.values if isinstance(value, ast.Constant)}

    def _given(self, parameter: str, call: Call) -> set[str]:
        """Return what all callers of a function pass for one of its parameters."""
        function = call.inside
        names = [argument.arg for argument in function.args.args]
        found: set[str] = set()
        for caller in self.calls[function.name]:
            if function.name.startswith("_") and caller.module != call.module:
                continue
            passed = {keyword.arg: keyword.value for keyword in caller.node.keywords}
            if parameter in names and names.index(parameter) < len(caller.node.args):
                passed[parameter] = caller.node.args[names.index(parameter)]
            if parameter in passed:
                found |= self.types(passed[parameter], caller)
        return found


def recorded_types() -> set[str]:
    """Return all types of events that operations record."""
    code = Code()
    return set().union(*(code.types(call.node.args[TYPE_PLACE], call) for call in code.calls[RECORDER]))


def test_every_recorded_event_has_a_text() -> None:
    types = recorded_types()
    assert {
        "opened",
        "extra_received",
        "return_expired",
        "replacement_void",
        "invoice_issued",
        "repair_x",
    } <= types
    assert len(types) > 50
    assert sorted(name for name in types if find_event_text(name) is None) == []


def test_an_unknown_type_has_none() -> None:
    assert find_event_text("eaten") is None
