"""An employee leaves: open cases, callbacks and questions go to somebody else, or are listed."""

from dataclasses import dataclass, replace

from aftersales_cli.database.agents import update_agent
from aftersales_cli.database.callbacks import assign_callback
from aftersales_cli.database.case_listings import list_cases
from aftersales_cli.database.departures import list_left_callbacks, list_left_handoffs, pass_on_handoff
from aftersales_cli.desk.assigning import require_worker
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.steps import assign_to, require_case
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import OPEN_STATUSES, CaseFilter, CaseRow
from aftersales_cli.records.desk_rows import LeftCallback, LeftHandoff
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop, Writing
from aftersales_cli.team.agents import require_agent, require_leavable


@dataclass(frozen=True)
class Departure:
    """Somebody who has left, and what becomes of the open cases."""

    agent: Agent
    taker: Agent | None
    """Who works on them now; None if nobody was named."""
    cases: list[CaseRow]
    callbacks: list[LeftCallback]
    """Open ones; without a taker the next plan gives them to somebody."""
    handoffs: list[LeftHandoff]
    """Open ones; without a taker the whole department is asked."""


def deactivate_agent(shop: Shop, word: str, *, to: str = "") -> Departure:
    """Note that an employee has left, and give the open cases to ``to``, if named; all or nothing.

    So it is with the open callbacks and with the questions the employee was asked. Cases that nobody was named for
    stay with the name of the one who left, and anybody may take them. Raises NotFoundError, RefusedError,
    WrongUsageError.
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
        callbacks, handoffs = _pass_on(shop, writing, agent, taker)
        writing.count(cases=len(cases), callbacks=len(callbacks), handoffs=len(handoffs))
        return Departure(agent, taker, cases, callbacks, handoffs)


def _pass_on(
    shop: Shop, writing: Writing, agent: Agent, taker: Agent | None
) -> tuple[list[LeftCallback], list[LeftHandoff]]:
    callbacks = list_left_callbacks(shop.database, agent.id)
    for callback in callbacks if taker else ():
        assert taker is not None
        writing.touch("callback", callback.id)
        assign_callback(shop.database, callback.id, assignee_id=taker.id)
    handoffs = list_left_handoffs(shop.database, agent.id)
    for handoff in handoffs:
        writing.touch("handoff", handoff.id)
        pass_on_handoff(shop.database, handoff.id, assignee_id=taker.id if taker else None)
    return callbacks, handoffs
