"""Say who works on a case."""

from datetime import datetime

from aftersales_cli.access import ALLOWED, ROLE_NAMES
from aftersales_cli.desk.steps import assign_to, check_case_moment, require_case, require_path
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import require_agent


def require_worker(shop: Shop, word: str) -> Agent:
    """Return the active employee with this code or name; raises RefusedError if the role cannot work on cases."""
    agent = require_agent(shop, word)
    if agent.role not in ALLOWED["cases.resolve"]:
        raise RefusedError(
            _(
                "{name} is a {role} and cannot work on cases.",
                name=agent.name,
                role=_(ROLE_NAMES[agent.role]),
            ),
            remedy=_("“aftersales team list” shows the employees and their roles."),
        )
    return agent


def assign_case(shop: Shop, number: int, agent: str, *, at: datetime | None = None) -> Case:
    """Give an open case to an employee; the same one again changes nothing. Raises RefusedError, NotFoundError."""
    with shop.writing("cases.assign", f"case:{number}"):
        case = require_case(shop, number)
        require_path(shop, case, "assign")
        moment = check_case_moment(shop, case, at)
        return assign_to(shop, case, require_worker(shop, agent), at=moment)


def take_if_free(shop: Shop, case: Case, *, at: str) -> Case:
    """Assign a case nobody works on to the one who acts now. To be used inside ``writing``."""
    return assign_to(shop, case, shop.agent, at=at) if case.assignee_id is None else case
