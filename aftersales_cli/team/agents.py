"""Operations on employees."""

import re

from aftersales_cli.database.agents import find_agent, insert_agent
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop

CODE_PATTERN = re.compile(r"[\w.-]{1,40}")


def check_code(code: str) -> str:
    """Return a code that is fit to be typed and to be part of a file name; raises WrongUsageError."""
    if not CODE_PATTERN.fullmatch(code) or code.startswith((".", "-")):
        raise WrongUsageError(
            _("“{code}” cannot be a code.", code=code),
            remedy=_("Use up to 40 letters, digits, - and _ without spaces."),
        )
    return code


def add_agent(shop: Shop, code: str, *, name: str = "", role: str = "agent", department: str = "") -> Agent:
    """Add an employee; raises RefusedError if the code is taken."""
    check_code(code)
    with shop.writing("team.add") as writing:
        if find_agent(shop.database, code):
            raise RefusedError(
                _("There is already an employee “{code}”.", code=code), remedy=_("Choose another code.")
            )
        agent_id = insert_agent(
            shop.database,
            code=code,
            name=name or code,
            role=role,
            department=department,
            created_at=shop.stamp,
        )
        writing.touch("agent", agent_id)
        return Agent(agent_id, code, name or code, role, department, active=True)


def require_agent(shop: Shop, word: str) -> Agent:
    """Return the active employee with this code or name; raises NotFoundError."""
    agent = find_agent(shop.database, word)
    if agent is None or not agent.active:
        raise NotFoundError(
            _("There is no employee “{name}”.", name=word), remedy=_("“aftersales team list” shows them.")
        )
    return agent
