"""The program's entry: chooses the language, runs the command, turns errors into messages and exit codes."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from aftersales_cli import __version__
from aftersales_cli.cli.base import SHARED_NAMES, Root
from aftersales_cli.cli.nouns import ENTRIES
from aftersales_cli.cli.run import SharedValues
from aftersales_cli.errors import INTERRUPTED, AftersalesError, BusyError, DatabaseError, FileError
from aftersales_cli.language import N_, _, current_language, parse_language, system_language, use_language
from aftersales_cli.resources import SETTINGS_FILE

_CHINESE_HELP_WIDTH = 64
"""Characters a help line may have where most of them are two columns wide."""


def _remember_shared(**values: object) -> None:
    context = click.get_current_context()
    given = {name: value for name in SHARED_NAMES if (value := values.get(name)) is not None}
    context.obj = SharedValues().overridden(**given)


def build_root() -> Root:
    """Return the whole command tree; nouns are imported when they are called."""
    root = Root(
        ENTRIES,
        name="aftersales",
        callback=_remember_shared,
        help=N_(
            # Short paragraphs: a longer one would be wrapped inside a command people want to copy.
            "The after-sales desk of a small online shop.\n\n"
            "To look around: aftersales demo\n\n"
            "To make your own shop: aftersales init my-shop\n\n"
            "Then drop the files you downloaded from your marketplaces into its inbox.\n\n"
            "Every day, in the shop's folder: aftersales today"
        ),
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    return click.version_option(__version__, prog_name="aftersales", message="%(prog)s %(version)s")(root)


def choose_language(arguments: Sequence[str]) -> str:
    """Return ``zh`` or ``en``: ``--lang`` if given, else the shop's setting, else the locale's."""
    if wanted := _argument(arguments, "--lang"):
        return parse_language(wanted) or system_language()

    given = _argument(arguments, "--shop") or os.environ.get("AFTERSALES_SHOP")
    here = Path(given) if given else Path.cwd()
    for folder in [here] if given else [here, *here.parents]:
        if (folder / SETTINGS_FILE).is_file():
            return _shop_language(folder / SETTINGS_FILE)
    return system_language()


def _shop_language(path: Path) -> str:
    from aftersales_cli.settings import load_settings, read_language

    try:
        return load_settings(path).shop.language
    except AftersalesError:
        # The command itself will say what is wrong with the settings, in the language they name if they do.
        return read_language(path) or system_language()


def _argument(arguments: Sequence[str], name: str) -> str | None:
    for position, word in enumerate(arguments):
        if word == "--":
            return None
        if word.startswith(name + "="):
            return word.partition("=")[2]
        if word == name and position + 1 < len(arguments):
            return arguments[position + 1]
    return None


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console that cannot show Chinese gets question marks, not a traceback.
            stream.reconfigure(errors="replace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    use_language(choose_language(words))
    sys.exit(run_command(words))


def run_command(words: list[str]) -> int:
    """Run one command and return its exit code; everything that can go wrong is told on standard error."""
    try:
        width = _CHINESE_HELP_WIDTH if current_language() == "zh" else None
        code: object = build_root().main(
            words, prog_name="aftersales", standalone_mode=False, max_content_width=width
        )
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("Interrupted; what was finished before is kept."), err=True)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # The reader went away (head, less); Click leaves by SystemExit then. Closing the stream stays silent.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the edge: known faults are told, others are logged as bugs
        return _tell(error, words)
    return code if isinstance(code, int) else 0


def _tell(error: Exception, words: Sequence[str]) -> int:
    known = error if isinstance(error, AftersalesError) else _known(error)
    if known is not None:
        click.echo(_("Error: {message}", message=known.message), err=True)
        if known.remedy:
            click.echo("  " + known.remedy, err=True)
        return known.exit_code
    from aftersales_cli.cli.bug import log_bug

    log = log_bug(error, _argument(words, "--shop"))
    click.echo(
        _("Error: a bug in this program ({kind}). Details are in {log}.", kind=type(error).__name__, log=log),
        err=True,
    )
    return 1


def _known(error: Exception) -> AftersalesError | None:
    """Return a clear error for faults of disk and database that can strike anywhere."""
    import sqlite3

    from aftersales_cli.system_texts import explain_fault

    if isinstance(error, sqlite3.OperationalError):
        text = str(error)
        if "locked" in text or "busy" in text:
            return BusyError(
                _("Another command is writing to the database."),
                remedy=_("Wait until it has ended, then try again."),
            )
        if any(word in text for word in ("full", "readonly", "disk I/O", "unable to open")):
            return FileError(
                _("The database cannot be written: {reason}", reason=explain_fault(error)),
                remedy=_("Free some space on the disk or check the permissions; nothing was half done."),
            )
    elif isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError):
        if type(error) is sqlite3.DatabaseError:
            return DatabaseError(
                _("The database is damaged."),
                remedy=_("Do not write to it; copy it away and restore the latest backup."),
            )
    elif isinstance(error, OSError) and error.filename is not None:
        return FileError(
            _("{path}: {reason}", path=error.filename, reason=explain_fault(error)),
            remedy=_("Check that the path exists, that you may use it, and that the disk has free space."),
        )
    return None
