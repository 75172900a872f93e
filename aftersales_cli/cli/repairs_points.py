"""The verbs ``repairs points``: the places that repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import tell
from aftersales_cli.cli.output import Column
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from aftersales_cli.cli.run import Run


@click.group("points", cls=Noun, default_verb="list", help=N_("The service points repairs are assigned to."))
def points() -> None:
    """Group of verbs; called bare it lists."""


@points.command("list")
def list_(run: Run) -> None:
    """List the service points.

    Example: aftersales repairs points
    """
    from aftersales_cli.database.repairs import list_service_points

    columns = [
        Column(_("Code"), lambda row: row.code),
        Column(_("Name"), lambda row: row.name),
        Column(_("Address"), lambda row: row.address),
        Column(_("Phone"), lambda row: row.phone),
        Column(_("Open"), lambda row: _("yes") if row.active else _("no")),
    ]
    run.out.listing(list_service_points(run.shop.database), columns, empty=_("No service points yet."))


@points.command("add", writes=True)
@click.argument("code")
@option("--name", default="", help=N_("Name as customers read it; default: the code."))
@option("--address", default="", help=N_("Where pieces are sent or brought."))
@option("--phone", default="", help=N_("Phone number for customers."))
def add(run: Run, code: str, name: str, address: str, phone: str) -> None:
    """Add a service point.

    Example: aftersales repairs points add sz --name 深圳维修点 --address 南山区科技路8号
    """
    from aftersales_cli.desk.repairs.points import add_service_point

    point = add_service_point(run.shop, code, name=name, address=address, phone=phone)
    tell(run, point, _("Service point {name} added.", name=point.name))


@points.command("change", writes=True)
@click.argument("code")
@option("--name", help=N_("Name as customers read it."))
@option("--address", help=N_("Where pieces are sent or brought."))
@option("--phone", help=N_("Phone number for customers."))
@option("--close/--open", "closed", default=None, help=N_("Give it no new repairs, or again."))
def change(
    run: Run, code: str, name: str | None, address: str | None, phone: str | None, closed: bool | None
) -> None:
    """Change a service point.

    Example: aftersales repairs points change sz --close
    """
    from aftersales_cli.desk.repairs.points import change_point

    point = change_point(
        run.shop, code, name=name, address=address, phone=phone, active=None if closed is None else not closed
    )
    tell(run, point, _("Service point {name} changed.", name=point.name))


COMMANDS = (points,)
"""The group of this module."""
