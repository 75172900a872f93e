"""Change cases: the writing every step of the desk goes through, after which the clocks are right again."""

from collections.abc import Iterator
from contextlib import contextmanager

from aftersales_cli import access
from aftersales_cli.database.agents import get_agent
from aftersales_cli.database.cases import get_case
from aftersales_cli.desk.clocks import refresh_clocks
from aftersales_cli.errors import NotAllowedError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop, Writing


@contextmanager
def changing(shop: Shop, operation: str, *numbers: int) -> Iterator[Writing]:
    """Open ``shop.writing`` for cases; at its end the clocks of every case it names or touched are derived anew.

    Raises RefusedError, too, if the role may do the operation on its own cases only and one of ``numbers`` is
    somebody else's.
    """
    with shop.writing(operation) as writing:
        if access.own_only(operation, shop.agent.role):
            for number in numbers:
                _require_own(shop, operation, number)
        first = len(writing.subjects)
        for number in numbers:
            writing.touch("case", number)
        yield writing
        touched = dict.fromkeys(writing.subjects[first:])
        refresh_clocks(
            shop, [int(name.removeprefix("case:")) for name in touched if name.startswith("case:")]
        )


def other_worker(shop: Shop, case: Case) -> Agent | None:
    """Return who works on a case, None if it is free, the acting employee's, or of somebody who has left."""
    if case.assignee_id is None or case.assignee_id == shop.agent.id:
        return None
    worker = get_agent(shop.database, case.assignee_id)
    return worker if worker and worker.active else None


def _require_own(shop: Shop, operation: str, number: int) -> None:
    case = get_case(shop.database, number)
    worker = other_worker(shop, case) if case else None
    if worker is None:
        return
    raise NotAllowedError(
        operation,
        _(
            "{name} works on case {number}; a {role} may do this on own cases only.",
            name=worker.name,
            number=number,
            role=_(access.ROLE_NAMES[shop.agent.role]),
        ),
        remedy=_(
            "Tell {name}, or write it down for everybody: {command}",
            name=worker.name,
            command=f"aftersales cases note {number} …",
        ),
    )
