"""The command ``team``."""

import click

from aftersales_cli.access import ROLE_NAMES, ROLES
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

_LANGUAGES = option(
    "--language",
    "languages",
    multiple=True,
    help=N_("Language the employee writes to customers in, e.g. en; may be given several times."),
)


@click.group(cls=Noun, help=N_("The employees and their roles."))
def team() -> None:
    """Group of verbs."""


@team.command("list")
def list_(run: Run) -> None:
    """List the employees.

    Example: aftersales team list
    """
    from aftersales_cli.database.agents import list_agents

    departments = run.shop.taxonomy("departments")

    def department(word: str) -> str:
        term = departments.find(word) if word else None
        return term.name if term else word

    columns = [
        Column(_("Code"), lambda row: row.code),
        Column(_("Name"), lambda row: row.name),
        Column(_("Role"), lambda row: _(ROLE_NAMES[row.role])),
        Column(_("Department"), lambda row: department(row.department)),
        Column(_("Languages"), lambda row: row.languages.replace(",", ", ")),
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
@_LANGUAGES
def add(run: Run, code: str, name: str, role: str, department: str, languages: tuple[str, ...]) -> None:
    """Add an employee.

    The code is what --as and --to take; a name in any language does as well.

    Example: aftersales team add lan --name 小兰 --role agent --language zh --language en
    """
    from aftersales_cli.team.agents import add_agent

    agent = add_agent(run.shop, code, name=name, role=role, department=department, languages=languages)
    run.out.data(agent, _("{name} added as {role}.", name=agent.name, role=_(ROLE_NAMES[agent.role])))


@team.command("change", writes=True)
@click.argument("code")
@option("--name", help=N_("The new name."))
@option("--role", type=click.Choice(ROLES), help=N_("The new role."))
@option("--department", help=N_("The new department; an empty text for none."))
@_LANGUAGES
def change(
    run: Run,
    code: str,
    name: str | None,
    role: str | None,
    department: str | None,
    languages: tuple[str, ...],
) -> None:
    """Change an employee's name, role, department or languages; what is not named stays.

    Only the owner can make somebody an owner, or take that away. Languages replace those from before; an empty one
    (--language "") takes all away.

    Example: aftersales team change lan --role manager --language zh --language en
    """
    from aftersales_cli.team.agents import change_agent

    if name is None and role is None and department is None and not languages:
        raise click.UsageError(_("Say what to change: --name, --role, --department or --language."))
    agent = change_agent(
        run.shop, code, name=name, role=role, department=department, languages=languages or None
    )
    parts = (agent.department, agent.languages.replace(",", ", "))
    what = ", ".join([_(ROLE_NAMES[agent.role]), *(part for part in parts if part)])
    run.out.data(agent, _("{name} is now: {what}.", name=agent.name, what=what))


@team.command("deactivate", writes=True)
@click.argument("code")
@option("--to", default="", help=N_("Employee who takes over the open cases, callbacks and questions."))
def deactivate(run: Run, code: str, to: str) -> None:
    """Note that an employee has left, and hand over or list open cases, callbacks and questions.

    Nothing that was done is lost: names stay in every history. Without --to they are listed; anybody may take the
    cases then, the next plan gives the callbacks to somebody, and a question goes to the whole department.

    Example: aftersales team deactivate lan --to mei
    """
    from aftersales_cli.cli.departure_report import departure_lines
    from aftersales_cli.desk.leaving import deactivate_agent

    departure = deactivate_agent(run.shop, code, to=to)
    run.out.data(departure, *departure_lines(run, departure))
    if run.shop.dry_run:
        run.out.note(_("Dry run: nothing was changed."))


@team.command("activate", writes=True)
@click.argument("code")
def activate(run: Run, code: str) -> None:
    """Let an employee who had left work here again.

    Example: aftersales team activate lan
    """
    from aftersales_cli.team.agents import activate_agent

    agent = activate_agent(run.shop, code)
    run.out.data(
        agent, _("{name} works here again, as {role}.", name=agent.name, role=_(ROLE_NAMES[agent.role]))
    )
