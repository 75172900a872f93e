"""The command ``team``."""

import click

from aftersales_cli.access import ROLE_NAMES, ROLES
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _


@click.group(cls=Noun, help=N_("The employees and their roles."))
def team() -> None:
    """Group of verbs."""


@team.command("list")
def list_(run: Run) -> None:
    """List the employees.

    Example: aftersales team list
    """
    from aftersales_cli.database.agents import list_agents

    columns = [
        Column(_("Code"), lambda row: row.code),
        Column(_("Name"), lambda row: row.name),
        Column(_("Role"), lambda row: _(ROLE_NAMES[row.role])),
        Column(_("Department"), lambda row: row.department),
        Column(_("Active"), lambda row: _("yes") if row.active else _("no")),
    ]
    run.out.listing(list_agents(run.shop.database), columns, empty=_("No employees yet."))


@team.command("add", writes=True)
@click.argument("code")
@option("--name", default="", help=N_("Name as it stands on lists; default: the code."))
@option(
    "--role",
    type=click.Choice(ROLES),
    default="agent",
    show_default=True,
    help=N_("What the employee may do."),
)
@option("--department", default="", help=N_("Department, e.g. warehouse."))
def add(run: Run, code: str, name: str, role: str, department: str) -> None:
    """Add an employee.

    The code is what --as and --to take; a name in any language does as well.

    Example: aftersales team add lan --name 小兰 --role agent
    """
    from aftersales_cli.team.agents import add_agent

    agent = add_agent(run.shop, code, name=name, role=role, department=department)
    run.out.data(agent, _("{name} added as {role}.", name=agent.name, role=_(ROLE_NAMES[agent.role])))
