"""The command ``init``."""

from pathlib import Path

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, current_language


@click.command("init", cls=Command)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("my-shop"))
@option("--name", default="", help=N_("Name of the shop, as it stands on workbooks."))
@option("--country", default="CN", show_default=True, help=N_("Country of the shop, two letters."))
@option("--currency", help=N_("Currency, three letters; default: CNY in China, else EUR, GBP, JPY or USD."))
@option("--timezone", help=N_("Time zone; default: Asia/Shanghai in China, else UTC."))
def init(run: Run, folder: Path, name: str, country: str, currency: str | None, timezone: str | None) -> None:
    """Make a shop folder: settings, database, inbox, outbox, and a starter to double-click.

    Asks nothing; everything can be changed later in aftersales.toml.

    Example: aftersales init my-shop --lang zh
    """
    from aftersales_cli.team.founding import found_shop

    founded = found_shop(
        folder,
        name=name,
        language=current_language(),
        country=country,
        currency=currency,
        timezone=timezone,
    )
    run.out.data(
        {"folder": founded.folder, "starter": founded.starter},
        _("The shop is ready: {folder}", folder=founded.folder),
        _("Next: put the files you downloaded into {inbox},", inbox=founded.folder / "inbox"),
        _(
            "then double-click {starter} or run “aftersales today” in that folder.",
            starter=founded.starter.name,
        ),
    )
