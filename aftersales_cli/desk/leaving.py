"""An employee leaves: the open cases go to somebody else, or are listed."""

from dataclasses import dataclass, replace

from aftersales_cli.database.agents import update_agent
from aftersales_cli.database.case_listings import list_cases
from aftersales_cli.desk.assigning import require_worker
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.steps import assign_to, require_case
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import OPEN_STATUSES, CaseFilter, CaseRow
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import require_agent, require_leavable


@dataclass(frozen=True)
class Departure:
    """Somebody who has left, and what becomes of the open cases."""

    agent: Agent
    taker: Agent | None
    """Who works on them now; None if nobody was named."""
    cases: list[CaseRow]


def deactivate_agent(shop: Shop, word: str, *, to: str = "") -> Departure:
    """Note that an employee has left, and give the open cases to ``to``, if named; all or nothing.

    Cases that nobody was named for stay with the name of the one who left, and anybody may take them. Raises
    NotFoundError, RefusedError, WrongUsageError.
    """
    with changing(shop, "team.deactivate") as writing:
        agent = require_agent(shop, word)
        require_leavable(shop, agent)
        taker = require_worker(shop, to) if to else None
        if taker and taker.id == agent.id:
            raise WrongUsageError(_("{name} is the one who leaves.", name=agent.name))
        agent = replace(agent, active=False)
        update_agent(shop.database, agent)
        writing.touch("agent", agent.id)
        wanted = CaseFilter(statuses=OPEN_STATUSES, assignee_id=agent.id)
        cases = list_cases(shop.database, wanted, limit=-1)
        for row in cases if taker else ():
            assert taker is not None
            writing.touch("case", row.number)
            case = require_case(shop, row.number)
            assign_to(shop, case, taker, at=max(shop.stamp, case.opened_at), note=agent.name)
        writing.count(cases=len(cases))
        return Departure(agent, taker, cases)
