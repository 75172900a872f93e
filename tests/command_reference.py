"""docs/commands.md, made from the command tree."""

import inspect
from pathlib import Path

import click

from aftersales_cli.cli.base import SHARED_NAMES
from tests.catalogue import walk_commands

PATH = Path(__file__).parent.parent / "docs" / "commands.md"

_HEAD = """# Commands

Made from the program itself; `RENEW_DOCS=1 python -m pytest tests/test_docs.py` writes it again.
Every command also takes `--shop DIR`, `--lang zh|en`, `--as AGENT`, `--json`, `--format FORMAT` and `--help`;
those that write take `--dry-run`. These may stand before the noun or after the verb; the latter wins.
"""


def command_reference() -> str:
    """Return the whole page."""
    parts = [_HEAD]
    for path, command in walk_commands():
        if path and command.help:
            parts.append(_section(path, command))
    return "\n".join(parts)


def _section(path: str, command: click.Command) -> str:
    level = "##" if " " not in path else "###"
    lines = [f"{level} {path}", "", inspect.cleandoc(command.help or ""), ""]
    if isinstance(command, click.Group):
        return "\n".join(lines)
    arguments = [
        parameter.make_metavar(click.Context(command))
        for parameter in command.params
        if isinstance(parameter, click.Argument)
    ]
    options = [
        parameter
        for parameter in command.params
        if isinstance(parameter, click.Option) and parameter.name not in SHARED_NAMES
    ]
    lines += [f"    aftersales {' '.join([path, *arguments])}{' [OPTIONS]' if options else ''}", ""]
    if options:
        lines += ["| option | meaning |", "|---|---|"]
        lines += [f"| `{_names(option)}` | {_meaning(option)} |" for option in options]
        lines.append("")
    return "\n".join(lines)


def _names(option: click.Option) -> str:
    names = ", ".join(option.opts)
    if option.is_flag:
        return names
    metavar = (
        option.metavar
        or option.type.get_metavar(option, click.Context(click.Command("x")))
        or option.type.name
    )
    return f"{names} {metavar}".replace("|", "\\|")


def _meaning(option: click.Option) -> str:
    text = option.help or ""
    default = option.default
    if option.show_default and default not in (None, "", False):
        text += f" Default: {default}."
    return text.replace("|", "\\|")
