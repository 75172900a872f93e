"""Pass a case up to those who can decide more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aftersales_cli.access import ALLOWED, ROLE_NAMES, ROLES
from aftersales_cli.database.agents import find_agent, list_agents
from aftersales_cli.database.escalations import was_told
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.escalation_chain import load_chains, next_step, steps_for
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case, require_path, take_step
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import require_agent

_UPWARDS = ("manager", "owner")
"""Whom a role's question goes to if nobody has that role: the next one up."""


@dataclass(frozen=True)
class Target:
    """Who is told of a case."""

    field: str
    """``role`` (everybody who has it) or ``agent``."""
    word: str
    """Name of the role, or code of the employee."""


@dataclass(frozen=True)
class Escalation:
    """A case that was passed up, and to whom."""

    case: Case
    target: Target


def escalate_case(
    shop: Shop,
    number: int,
    *,
    to: str = "",
    note: str = "",
    late: Sequence[str] = (),
    at: datetime | None = None,
) -> Escalation:
    """Pass an open case up: to an employee or a role, else to the next step of its severity's chain.

    ``late`` are the promises (metrics) that ran out. Who works on it stays the same. At the end of the chain the
    last one is told again if a promise ran out; by hand that is refused. Raises RefusedError, NotFoundError and
    FileError for a broken chain.
    """
    with changing(shop, "cases.escalate", number):
        case = require_case(shop, number)
        require_path(shop, case, "escalate")
        moment = check_case_moment(shop, case, at)
        target = _find_target(shop, to, named=True) if to else _next_target(shop, case, again=bool(late))
        return Escalation(_tell(shop, case, target, note=note, late=late, at=moment), target)


def _next_target(shop: Shop, case: Case, *, again: bool) -> Target:
    """Return the next one up; RefusedError if the last of the chain knows already and need not hear it ``again``."""
    steps = steps_for(load_chains(shop.folder), case.severity)
    target = _find_target(shop, next_step(steps, case.escalation).to, named=False)
    top = _find_target(shop, steps[-1].to, named=False)
    if (
        again
        or target != top
        or not was_told(shop.database, case.number, field=target.field, target=target.word)
    ):
        return target
    raise RefusedError(
        _(
            "Case {number} has been passed up to {name} already, and nobody is above.",
            number=case.number,
            name=describe_target(shop, target),
        ),
        remedy=_(
            "Name somebody with --to, or write down what is new: {command}",
            command=f"aftersales cases note {case.number} …",
        ),
    )


def inform_at_once(shop: Shop, case: Case, *, at: str) -> Case:
    """Tell those who must know of a case of this severity at once, if they have not been told.

    To be used inside ``writing`` after a case was opened or graded.
    """
    step = steps_for(load_chains(shop.folder), case.severity)[0]
    if step.after != "graded":
        return case
    target = _find_target(shop, step.to, named=False)
    if was_told(shop.database, case.number, field=target.field, target=target.word):
        return case
    return _tell(shop, case, target, note="", at=at)


def describe_target(shop: Shop, target: Target) -> str:
    """Return the names of those who are told, e.g. ``梅, 老张 (manager)``."""
    if target.field == "agent":
        found = find_agent(shop.database, target.word)
        return found.name if found else target.word
    names = ", ".join(
        agent.name for agent in list_agents(shop.database) if agent.active and agent.role == target.word
    )
    role = _(ROLE_NAMES[target.word])
    # In a small shop the owner is called just that.
    return f"{names} ({role})" if names and names != role else role


def _tell(shop: Shop, case: Case, target: Target, *, note: str, at: str, late: Sequence[str] = ()) -> Case:
    case = take_step(shop, case, "escalate", at=at, changes={"escalation": case.escalation + 1})
    record_event(
        shop,
        case.number,
        "escalated",
        at=at,
        field=target.field,
        before=",".join(dict.fromkeys(late)),
        after=target.word,
        note=note,
    )
    return case


def _find_target(shop: Shop, word: str, *, named: bool) -> Target:
    """Return who is meant by a word: a role, else an employee; ``named`` if somebody typed it."""
    if word not in ROLES:
        agent = require_agent(shop, word)
        if agent.role not in ALLOWED["cases.escalate"]:
            raise RefusedError(
                _(
                    "{name} is a {role} and cannot decide on a case.",
                    name=agent.name,
                    role=_(ROLE_NAMES[agent.role]),
                ),
                remedy=_("“aftersales team list” shows the employees and their roles."),
            )
        return Target("agent", agent.code)
    staff = [agent for agent in list_agents(shop.database) if agent.active]
    higher = _UPWARDS[_UPWARDS.index(word) :] if word in _UPWARDS else (word, *_UPWARDS)
    for role in higher:
        # Nobody passes a case up to himself, unless there is nobody above.
        others = [a for a in staff if a.role == role and (named or a.id != shop.agent.id or role == "owner")]
        if others:
            return Target("role", role)
    return Target("role", "owner")
