"""Say who works on a case."""

from collections.abc import Sequence
from datetime import datetime

from aftersales_cli import access
from aftersales_cli.access import ALLOWED, ROLE_NAMES
from aftersales_cli.clock import local_text
from aftersales_cli.database.agent_loads import list_agent_loads
from aftersales_cli.database.agents import get_agent
from aftersales_cli.database.case_listings import list_free_cases
from aftersales_cli.database.cases import find_last_assignment, list_case_messages
from aftersales_cli.database.customers import get_customer
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.desk.assignment import CaseFacts, Choice, choose_agent, load_assignment
from aftersales_cli.desk.changing import changing, other_worker
from aftersales_cli.desk.languages import guess_language
from aftersales_cli.desk.rule_files import RuleEntry
from aftersales_cli.desk.steps import assign_to, check_case_moment, require_case, require_path
from aftersales_cli.errors import NotAllowedError, RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import require_agent


def can_work(agent: Agent) -> bool:
    """Return whether an employee's role may work on cases."""
    return agent.role in ALLOWED["cases.resolve"]


def require_worker(shop: Shop, word: str) -> Agent:
    """Return the active employee with this code or name; raises RefusedError if the role cannot work on cases."""
    agent = require_agent(shop, word)
    if not can_work(agent):
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
    """Give an open case to an employee; the same one again changes nothing. Errors as ``give_case``."""
    return give_case(shop, number, agent, at=at)[0]


def give_case(shop: Shop, number: int, agent: str, *, at: datetime | None = None) -> tuple[Case, str]:
    """Give an open case to an employee; return it and since when the employee had it already, else ``""``.

    Somebody else's case can be given away only by who may reassign, else RefusedError says whose it is. Raises
    NotFoundError, too.
    """
    with changing(shop, "cases.assign", number):
        case = require_case(shop, number)
        require_path(shop, case, "assign")
        moment = check_case_moment(shop, case, at)
        worker = require_worker(shop, agent)
        if worker.id == case.assignee_id:
            return case, find_last_assignment(shop.database, number) or case.opened_at
        require_may_reassign(shop, case)
        return assign_to(shop, case, worker, at=moment), ""


def require_may_reassign(shop: Shop, case: Case) -> None:
    """Refuse to take a case away from who works on it, unless the role may; who was faster is named."""
    worker = other_worker(shop, case)
    if worker is None:
        return
    try:
        access.require("cases.reassign", shop.agent.role)
    except NotAllowedError as error:
        since = find_last_assignment(shop.database, case.number)
        raise NotAllowedError(
            error.operation,
            _(
                "{name} works on case {number} since {moment}; only those in charge can give it to somebody else.",
                name=worker.name,
                number=case.number,
                moment=local_text(since or case.opened_at, shop.zone),
            ),
            remedy=error.remedy,
        ) from error


def auto_assign_case(shop: Shop, number: int, *, at: datetime | None = None) -> tuple[Case, Choice]:
    """Give an open case to whom the rules choose, and return it with the choice.

    Raises RefusedError if no rule finds anybody or the state forbids it, FileError and WrongUsageError for
    broken rules, NotFoundError.
    """
    with changing(shop, "cases.assign", number):
        case = require_case(shop, number)
        require_path(shop, case, "assign")
        require_may_reassign(shop, case)
        moment = check_case_moment(shop, case, at)
        choice = find_choice(shop, case)
        if choice is None:
            raise RefusedError(
                _("No rule finds anybody for case {number}.", number=number),
                remedy=_(
                    "Name the employee: aftersales cases assign {number} AGENT. The rules stand in "
                    "templates/settings/assignment.toml.",
                    number=number,
                ),
            )
        return _assign_chosen(shop, case, choice, at=moment), choice


def assign_free_cases(shop: Shop, *, import_id: int | None = None) -> list[tuple[Case, Choice]]:
    """Give every open case nobody works on to whom the rules choose, all or none; return those with the choices.

    With ``import_id`` only the cases that import made. Who has got one counts as having it when the next is given.
    Raises FileError and WrongUsageError for broken rules, RefusedError.
    """
    given = []
    with changing(shop, "cases.assign") as writing:
        rules = load_assignment(shop.folder)
        for number in list_free_cases(shop.database, import_id):
            case = require_case(shop, number)
            choice = find_choice(shop, case, rules)
            if choice is not None:
                writing.touch("case", number)
                given.append((_assign_chosen(shop, case, choice, at=max(shop.stamp, case.opened_at)), choice))
        writing.count(assigned=len(given))
    return given


def assign_by_rule(shop: Shop, case: Case, *, at: str) -> Case:
    """Give a new case to whom the rules choose; it stays free if they find nobody. Inside ``writing``."""
    choice = find_choice(shop, case)
    return _assign_chosen(shop, case, choice, at=at) if choice else case


def find_choice(shop: Shop, case: Case, rules: Sequence[RuleEntry] | None = None) -> Choice | None:
    """Return whom the rules (by default those of the shop) give a case to, None if nobody."""
    storefront = get_storefront(shop.database, case.storefront_id) if case.storefront_id is not None else None
    facts = CaseFacts(
        kind=case.kind,
        severity=case.severity,
        platform=storefront.platform if storefront else "",
        storefront=storefront.code if storefront else "",
        language=customer_language(shop, case),
    )
    return choose_agent(rules or load_assignment(shop.folder), facts, list_agent_loads(shop.database))


def customer_language(shop: Shop, case: Case) -> str:
    """Return the language a case's customer is written to in, ``zh`` or ``en``; the shop's if nothing tells it."""
    customer = get_customer(shop.database, case.customer_id) if case.customer_id is not None else None
    storefront = get_storefront(shop.database, case.storefront_id) if case.storefront_id is not None else None
    said = [
        message.body
        for message in list_case_messages(shop.database, case.number)
        if message.author_type == "customer"
    ]
    return guess_language(
        said,
        country=customer.country if customer else "",
        platform=storefront.platform if storefront else "",
        default=shop.settings.shop.language,
    )


def take_if_free(shop: Shop, case: Case, *, at: str) -> Case:
    """Assign a case nobody works on to the one who acts now. To be used inside ``writing``."""
    return assign_to(shop, case, shop.agent, at=at) if case.assignee_id is None else case


def _assign_chosen(shop: Shop, case: Case, choice: Choice, *, at: str) -> Case:
    agent = get_agent(shop.database, choice.agent_id)
    assert agent is not None
    return assign_to(shop, case, agent, at=at, note=choice.rule)
