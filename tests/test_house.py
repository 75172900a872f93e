"""The rooms of the house: who may import whom, and what is known only in one room."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from aftersales_cli import access

PACKAGE = Path(__file__).parent.parent / "aftersales_cli"

ROOMS = [
    "cli", "demo", "runner", "reports", "insight", "intake", "customers", "desk", "team", "reading", "publishing",
    "shop", "database", "records",
]  # fmt: skip
"""From top to bottom: each may import what stands below it. Base modules are at the very bottom."""

BASE = {
    "settings": {"errors", "language", "money", "resources", "setting_sections"},
    "setting_sections": {"language"},
    "system_texts": {"language"},
    "access": {"errors", "language"},
    "statistics": set(),
    "money": {"language"},
    "clock": {"errors", "language"},
    "worktime": {"errors", "language"},
    "language": set(),
    "resources": set(),
    "taxonomy": {"errors", "language", "resources"},
    "errors": set(),
}
"""Base module → the base modules it may import."""

FILES = sorted(PACKAGE.rglob("*.py"))


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path, *, types_too: bool = True) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not types_too:
        tree.body = [
            node
            for node in tree.body
            if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
        ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_room_imports_only_what_stands_below_it(path: Path) -> None:
    room = _room(path)
    used = {name.split(".")[1] for name in _imports(path) if name.startswith("aftersales_cli.")}
    if room in {"__init__", "__main__"}:
        return
    if room in BASE:
        wrong = used - BASE[room] - {room}
    else:
        assert room in ROOMS, f"{room} has no place in the house"
        wrong = used & set(ROOMS[: ROOMS.index(room)])
        if room == "records":
            wrong = used - {"records"}
    assert not wrong, f"{_name(path)} imports {sorted(wrong)}"


@pytest.mark.parametrize(
    ("library", "room", "also"),
    [
        ("click", "cli", ()),
        ("openpyxl", "reports", ()),
        ("sqlite_utils", "database", ()),
        ("sqlite3", "database", ("cli/main.py",)),
        ("schedule", "runner", ()),
        ("python_calamine", "reading", ()),
    ],
)
def test_a_library_is_known_in_one_room_only(library: str, room: str, also: tuple[str, ...]) -> None:
    users = {
        _name(path)
        for path in FILES
        if any(name.split(".")[0] == library for name in _imports(path, types_too=False))
    }
    # Naming a type is no use of the library; whoever hands the database on may do that.
    strangers = {name for name in users if not name.startswith(room) and name not in also}
    assert not strangers, f"{library} in {sorted(strangers)}"


SQL = re.compile(
    r"\b(SELECT\b.+\bFROM|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TEMP )?TABLE)\b", re.DOTALL
)


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_sql_stands_in_the_database_room_only(path: Path) -> None:
    if _room(path) == "database":
        return
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert not [text for text in texts if SQL.search(text)]


def test_a_transaction_is_begun_in_known_places_only() -> None:
    """Shop.writing opens them; opening migrates; staging fills temporary tables; the job lock is another file."""
    beginners = {_name(path) for path in FILES if re.search(r'"BEGIN', path.read_text(encoding="utf-8"))}
    assert beginners == {
        "database/lock.py",
        "database/opening.py",
        "database/staging.py",
        "database/transaction.py",
    }
    users = {_name(path) for path in FILES if "import immediate" in path.read_text(encoding="utf-8")}
    assert users == {"shop.py"}


def _writings(path: Path) -> Iterator[str]:
    """Yield the operations named by ``shop.writing(…)``, ``changing(shop, …)`` and ``access.require(…)``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or path.name == "changing.py":
            continue
        called = ast.unparse(node.func)
        if called.endswith(".writing") or (called == "access.require" and path.name != "shop.py"):
            operation = node.args[0]
        elif isinstance(node.func, ast.Name) and node.func.id == "changing":
            operation = node.args[1]
        else:
            continue
        assert isinstance(operation, ast.Constant), f"{path}: the operation must be a plain text"
        yield str(operation.value)


def test_every_operation_has_its_place_in_the_access_table() -> None:
    used = {name for path in FILES for name in _writings(path)}
    assert used == set(access.ALLOWED)


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_no_file_grows_past_what_one_can_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_initialisers_hold_no_logic() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        kinds = {type(node).__name__ for node in body}
        assert kinds <= {"Expr", "ImportFrom", "Assign"}, _name(path)
