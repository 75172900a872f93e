"""The command ``demo``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command
from aftersales_cli.cli.run import Run
from aftersales_cli.language import _

if TYPE_CHECKING:
    from aftersales_cli.demo.playing import Demonstration


@click.command("demo", cls=Command)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("demo-shop"))
def demo(run: Run, folder: Path) -> None:
    """Make a demonstration shop and play a night and a morning in it.

    Everybody in it is invented: 5,000 orders and some 400 cases of a year, as files in its inbox, taken in
    by the nightly job. Ends with a callback list, a KPI workbook, and what is wrong in this shop.

    Example: aftersales demo demo-shop --lang zh
    """
    from aftersales_cli.demo.playing import play_demonstration

    played = play_demonstration(folder, run.out.note)
    run.out.data(played, *_lines(played))


def _lines(played: "Demonstration") -> list[str]:
    here = f'"{played.folder}"' if " " in str(played.folder) else str(played.folder)
    return [
        _("Callback list: {path}", path=played.callback_list),
        _("KPI workbook: {path}", path=played.workbook),
        "",
        _("What is wrong in this shop:"),
        *(f"  {number}. {sentence}" for number, sentence in enumerate(played.findings, start=1)),
        "",
        _("Open both files, then try:"),
        f"  aftersales kpi show {played.month} --shop {here}",
        f"  aftersales cases show {played.open_case} --shop {here}",
        f"  aftersales callbacks list --on {played.day} --shop {here}",
    ]
