"""The zh_CN catalogue: what it must hold, and how it is brought up to date.

``python -m tests.catalogue`` adds new texts to the .po file (untranslated), drops unused ones, and compiles the
.mo file beside it.
"""

import inspect
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from aftersales_cli.cli.click_texts import PLURALS
from aftersales_cli.cli.main import build_root

PACKAGE = Path(__file__).parent.parent / "aftersales_cli"
PO = PACKAGE / "locale" / "zh_CN" / "LC_MESSAGES" / "aftersales.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {"_": None, "N_": None, "plural": (1, 2)}

_DATE = datetime(2026, 11, 22, tzinfo=UTC)
"""Fixed, so that compiling again gives the same bytes."""

Message = str | tuple[str, str]


def code_messages() -> set[Message]:
    """Return every text that stands in ``_()``, ``N_()`` or ``plural()``."""
    found: set[Message] = set()
    rows = extract_from_dir(str(PACKAGE), [("**.py", "python")], keywords=KEYWORDS)
    for _file, _line, message, _comments, _context in rows:
        found.add(tuple(message) if isinstance(message, list | tuple) else message)  # type: ignore[arg-type]
    found.update(PLURALS)
    return {message for message in found if message}


def walk_commands() -> Iterator[tuple[str, click.Command]]:
    """Yield (path, command) of the whole tree, e.g. ``("orders import", …)``; the root has an empty path."""

    def walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield path, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                child = command.get_command(context, name)
                assert child is not None
                yield from walk(f"{path} {name}".strip(), child)

    yield from walk("", build_root())


def help_messages() -> set[Message]:
    """Return the help texts of all commands: docstrings are no calls, so they are collected from the tree."""
    return {inspect.cleandoc(command.help) for _path, command in walk_commands() if command.help}


def needed_messages() -> set[Message]:
    """Return everything the catalogue must hold."""
    return code_messages() | help_messages()


def read_catalogue() -> Catalog:
    with PO.open("rb") as stream:
        return read_po(stream, locale="zh_CN")


def compiled(catalogue: Catalog) -> bytes:
    """Return the bytes of the .mo file."""
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def update() -> int:
    """Bring the .po file up to date, compile the .mo file, and return how many texts lack a translation."""
    known = {entry.id: entry for entry in read_catalogue()} if PO.exists() else {}
    fresh = Catalog(
        locale="zh_CN",
        project="aftersales",
        copyright_holder="The aftersales developers",
        charset="utf-8",
        fuzzy=False,
    )
    missing = 0
    for message in sorted(needed_messages(), key=str):
        old = known.get(message)
        fresh.add(message, old.string if old else None)
        missing += not (old and old.string and (isinstance(old.string, str) or all(old.string)))
    fresh.creation_date = fresh.revision_date = _DATE
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as stream:
        write_po(stream, fresh, width=110, omit_header=False, sort_output=True)
    MO.write_bytes(compiled(read_catalogue()))
    return missing


if __name__ == "__main__":
    print(f"{update()} texts lack a translation")  # noqa: T201 - a developer runs this by hand
