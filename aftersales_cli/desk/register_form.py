"""The case register as a form: its sheets, the words its drop-downs offer, and the codes that name its rows."""

import hashlib
from functools import cache
from pathlib import Path

from aftersales_cli.access import ALLOWED
from aftersales_cli.database.agents import list_agents
from aftersales_cli.database.register import find_founding
from aftersales_cli.reading.forms import Token, load_form, load_words, make_token
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop
from aftersales_cli.taxonomy import Taxonomy, Term, load_taxonomy

FILE_NAME = "case_register.toml"
CASES = load_form(FILE_NAME, "cases")
HANDOFFS = load_form(FILE_NAME, "handoffs")
WORDS = load_words(FILE_NAME)
NEW_ONLY = tuple(CASES.words["new_only"])
"""The columns that are filled in for new cases only."""
OF_EVERY_CASE = tuple(name for name in CASES.filled_in if name not in NEW_ONLY)
"""The columns that are filled in for a case that is there already."""
OF_NEW = tuple(name for name in CASES.filled_in if name not in CASES.words["not_new"])
"""The columns that are filled in for a new case."""
STATUSES = ("in_progress", "waiting_customer", "waiting_internal", "waiting_platform", "resolved", "closed")
"""Statuses a register can ask for; ``cancelled`` comes with its reason, e.g. ``cancelled:spam``."""
CANCELLED, HANDOFF = "cancelled:", "handoff:"
CONFIRM, ESCALATE = "confirm", "escalate"


def recognise_register(headers: list[str]) -> bool:
    """Tell whether these normalised headers are those of a sheet of a register."""
    return any(form.recognise(headers) is not None for form in (CASES, HANDOFFS))


@cache
def status_choices(folder: Path) -> Taxonomy:
    """Return what can be chosen as a new status."""
    statuses = load_taxonomy("case_statuses", folder).terms
    terms = {code: statuses[code] for code in STATUSES}
    cancelled = statuses["cancelled"]
    for reason in load_taxonomy("cancel_reasons", folder):
        code = CANCELLED + reason.code
        terms[code] = Term(code, f"{cancelled.zh}：{reason.zh}", f"{cancelled.en}: {reason.en}")
    return Taxonomy("new_statuses", terms)


@cache
def step_choices(folder: Path) -> Taxonomy:
    """Return what can be chosen as the next step: a question to each department, and what ``steps`` lists."""
    ask = WORDS["steps"]["handoff"]
    terms = {}
    for department in load_taxonomy("departments", folder):
        code = HANDOFF + department.code
        zh, en = (ask[key].format(department=getattr(department, key)) for key in ("zh", "en"))
        terms[code] = Term(code, zh, en, aliases=(department.zh, department.en, *department.aliases))
    for code in (ESCALATE, CONFIRM):
        entry = WORDS["steps"][code]
        terms[code] = Term(code, entry["zh"], entry["en"])
    return Taxonomy("next_steps", terms)


def list_workers(shop: Shop) -> list[Agent]:
    """Return the active employees whose role works on cases."""
    roles = ALLOWED["cases.resolve"]
    return [agent for agent in list_agents(shop.database) if agent.active and agent.role in roles]


def name_agent(agent: Agent, others: list[Agent]) -> str:
    """Return the name of an employee, the code if somebody else has the same name."""
    is_alone = sum(other.name == agent.name for other in others) <= 1
    return agent.name if is_alone else agent.code


def case_seed(shop: Shop) -> str:
    """Return what the codes of cases are made with."""
    return f"case {find_founding(shop.database)}"


def new_seed(shop: Shop) -> str:
    """Return what the codes of rows for new cases are made with; their revision is 0."""
    return f"new {find_founding(shop.database)}"


def handoff_seed(shop: Shop) -> str:
    """Return what the codes of hand-offs are made with."""
    return f"handoff {find_founding(shop.database)}"


def new_row_token(shop: Shop, sheet: str, position: int) -> Token:
    """Return the code of a row for a new case; ``sheet`` must tell this very sheet of this very file."""
    digest = hashlib.sha256(f"{sheet}\n{position}".encode()).digest()
    return make_token(int.from_bytes(digest[:6]) % 10**12, 0, new_seed(shop))
