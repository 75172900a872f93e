"""Commands, groups and options whose help is translated when it is shown."""

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from aftersales_cli.cli.numbers import within_reach
from aftersales_cli.cli.run import Run, SharedValues
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import N_, _

SHARED_NAMES = ("shop_folder", "lang", "as_agent", "as_json", "table_format", "dry_run")


class Option(click.Option):
    """An option whose help text is looked up in the catalogue when it is shown."""

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the word for the option's value: its own, or the translated name of its type."""
        if self.metavar is None and self.type.get_metavar(self, ctx) is None:
            return _(self.type.name).upper()
        return super().make_metavar(ctx)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return option names and translated help."""
        original, self.help = self.help, _(self.help) if self.help else ""
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = original


def option(*names: str, **attributes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an option of a command, as ``click.option`` does, with translated help."""
    return click.option(*names, cls=Option, **attributes)


def _shared_options(*, writes: bool) -> list[click.Parameter]:
    options = [
        Option(["--shop", "shop_folder"], metavar="DIR", help=N_("The shop's folder.")),
        Option(["--lang"], type=click.Choice(["zh", "en"]), help=N_("Language of the output.")),
        Option(["--as", "as_agent"], metavar="AGENT", help=N_("Act as this employee.")),
        Option(["--json", "as_json"], is_flag=True, default=None, help=N_("Print JSON with stable keys.")),
        Option(
            ["--format", "table_format"],
            metavar="FORMAT",
            help=N_("Table format: csv, or one of tabulate's such as github, html, tsv."),
        ),
    ]
    if writes:
        text = N_("Show what would happen and change nothing.")
        options.append(Option(["--dry-run"], is_flag=True, default=None, help=text))
    return list[click.Parameter](options)


def translated_help(text: str | None) -> str:
    """Return a docstring or help text in the current language; the catalogue holds it without indentation."""
    return _(inspect.cleandoc(text)) if text else ""


class _Translated:
    """Help text, usage lines and option sections in the current language."""

    help: str | None
    params: list[click.Parameter]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the translated help text; every newline of the source that ends a paragraph stays."""
        text = translated_help(self.help)
        if text:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(text)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the words of the usage line, Click's own ones translated."""
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc] # of the class beside us
        return [_(piece) for piece in pieces]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options first, those that all commands share below them."""
        own: list[tuple[str, str]] = []
        shared: list[tuple[str, str]] = []
        for parameter in self.get_params(ctx):  # type: ignore[attr-defined] # of the Click class beside us
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)):
                (shared if parameter.name in (*SHARED_NAMES, "help") else own).append(record)
        for title, records in ((_("Options"), own), (_("Shared options"), shared)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)


class Command(_Translated, click.Command):
    """A verb: its function gets a Run first, then its own parameters."""

    @staticmethod
    def _is_about_cases(ctx: click.Context) -> bool:
        return ctx.parent is not None and ctx.parent.info_name == "cases"

    def __init__(self, *arguments: Any, writes: bool = False, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.writes = writes
        for parameter in self.params:
            parameter.type = within_reach(parameter.type)
        self.params.extend(_shared_options(writes=writes))

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the translated help."""
        return _first_sentence(translated_help(self.help))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; a rule's refusal is written to the audit log before it is shown."""
        run = _open_run(ctx)
        try:
            ctx.invoke(_present(self.callback), run, **ctx.params)
        except RefusedError as error:
            number = ctx.params.get("number")
            run.audit_refusal(ctx.command_path, error, case=number if self._is_about_cases(ctx) else None)
            raise
        if run.exit_code:
            ctx.exit(run.exit_code)


def _present(callback: Callable[..., Any] | None) -> Callable[..., Any]:
    assert callback is not None
    return callback


def _open_run(ctx: click.Context) -> Run:
    """Take the shared options out of the parameters; those after the verb win over those before it."""
    shared = ctx.find_root().ensure_object(SharedValues)
    own = {name: ctx.params.pop(name) for name in SHARED_NAMES if name in ctx.params}
    run = Run(shared.overridden(**{name: value for name, value in own.items() if value is not None}))
    ctx.call_on_close(run.close)
    return run


def _first_sentence(text: str) -> str:
    first = text.strip().split("\n\n")[0].replace("\n", " ")
    return first.split(". ")[0].split("。")[0].rstrip(".")


class Noun(_Translated, click.Group):
    """A noun with its verbs. Called bare it shows its help, or runs ``default_verb``."""

    command_class = Command

    def __init__(self, *arguments: Any, default_verb: str | None = None, **attributes: Any) -> None:
        if default_verb:
            attributes["invoke_without_command"] = True
        super().__init__(*arguments, **attributes)
        self.default_verb = default_verb

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the translated help."""
        return _first_sentence(translated_help(self.help))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give options to the default verb if they come without a verb; help stays the group's own."""
        if self.default_verb and args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            args = [self.default_verb, *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb, or the default verb if none was given."""
        if self.default_verb and not ctx._protected_args and not ctx.args:  # noqa: SLF001 - as Click itself asks
            verb = self.commands[self.default_verb]
            with verb.make_context(self.default_verb, [], parent=ctx) as sub_context:
                return verb.invoke(sub_context)
        return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with their short help."""
        rows = [(name, self.commands[name].get_short_help_str()) for name in self.list_commands(ctx)]
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Keep the order in which the verbs were declared."""
        return list(self.commands)


@dataclass(frozen=True)
class Entry:
    """Where a root command lives, known without importing it."""

    section: str
    module: str
    help: str


class Root(_Translated, click.Group):
    """The program itself: loads a noun's module only when it is called."""

    def __init__(self, entries: Mapping[str, Entry], **attributes: Any) -> None:
        super().__init__(**attributes)
        self.entries = entries
        self.params.extend(_shared_options(writes=True))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names without importing anything."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a noun and return its command."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        command = getattr(importlib.import_module(entry.module), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands grouped by when one needs them."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, entry in self.entries.items():
            sections.setdefault(entry.section, []).append((name, _(entry.help)))
        for section, rows in sections.items():
            with formatter.section(_(section)):
                formatter.write_dl(rows)
