"""Operations on employees."""

import re
from collections.abc import Sequence
from dataclasses import replace

from aftersales_cli import access
from aftersales_cli.database.agents import find_agent, insert_agent, list_agents, update_agent
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop
from aftersales_cli.taxonomy import fold

CODE_PATTERN = re.compile(r"[\w.-]{1,40}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LANGUAGE_NAMES = {
    "中文": "zh", "汉语": "zh", "普通话": "zh", "chinese": "zh", "英文": "en", "英语": "en", "english": "en",
}  # fmt: skip


def check_code(code: str) -> str:
    """Return a code that is fit to be typed and to be part of a file name; raises WrongUsageError."""
    if not CODE_PATTERN.fullmatch(code) or code.startswith((".", "-")):
        raise WrongUsageError(
            _("“{code}” cannot be a code.", code=code),
            remedy=_("Use up to 40 letters, digits, - and _ without spaces."),
        )
    return code


def read_languages(words: Sequence[str]) -> str:
    """Return the codes of languages as an employee has them, ``en,zh``; raises WrongUsageError."""
    codes = []
    for word in (part for entry in words for part in re.split(r"[,，、\s]+", entry) if part):
        code = _LANGUAGE_NAMES.get(fold(word), word.lower())
        if not _LANGUAGE.fullmatch(code):
            raise WrongUsageError(
                _("“{word}” is no language.", word=word),
                remedy=_("Write its code of two letters, e.g. zh, en, de."),
            )
        codes.append(code)
    return ",".join(sorted(set(codes)))


def add_agent(
    shop: Shop,
    code: str,
    *,
    name: str = "",
    role: str = "agent",
    department: str = "",
    languages: Sequence[str] = (),
) -> Agent:
    """Add an employee; raises RefusedError if code or name is taken, WrongUsageError."""
    check_code(code)
    with shop.writing("team.add") as writing:
        if role == "owner" and list_agents(shop.database):
            access.require("team.appoint_owner", shop.agent.role)
        _require_free(shop, code, name or code)
        agent_id = insert_agent(
            shop.database,
            code=code,
            name=name or code,
            role=role,
            department=department,
            languages=read_languages(languages),
            created_at=shop.stamp,
        )
        writing.touch("agent", agent_id)
        return _get(shop, code)


def change_agent(
    shop: Shop,
    word: str,
    *,
    name: str | None = None,
    role: str | None = None,
    department: str | None = None,
    languages: Sequence[str] | None = None,
) -> Agent:
    """Change what is given of an employee; None leaves it. The audit log says which columns.

    Only an owner makes somebody an owner or takes that away, and one owner stays. Raises NotFoundError,
    RefusedError, WrongUsageError.
    """
    with shop.writing("team.change") as writing:
        before = find_any_agent(shop, word)
        if name is not None and name.strip() != before.name:
            _require_free(shop, "", name.strip())
        after = replace(
            before,
            name=name.strip() or before.code if name is not None else before.name,
            role=role or before.role,
            department=before.department if department is None else department.strip(),
            languages=before.languages if languages is None else read_languages(languages),
        )
        if before.role != after.role and "owner" in {before.role, after.role}:
            access.require("team.appoint_owner", shop.agent.role)
        if before.role == "owner" != after.role:
            _require_another_owner(shop, before)
        changed = [field for field, value in vars(after).items() if value != getattr(before, field)]
        update_agent(shop.database, after)
        writing.touch("agent", after.id)
        writing.count(**dict.fromkeys(changed, 1))
        return after


def require_leavable(shop: Shop, agent: Agent) -> None:
    """Refuse to deactivate the last owner, and who acts where nobody is named; raises RefusedError."""
    if agent.role == "owner":
        access.require("team.appoint_owner", shop.agent.role)
        _require_another_owner(shop, agent)
    if shop.settings.shop.agent in {agent.code, agent.name}:
        raise RefusedError(
            _("{name} acts where nobody is named (shop.agent in aftersales.toml).", name=agent.name),
            remedy=_("Write another employee's code there first."),
        )


def activate_agent(shop: Shop, word: str) -> Agent:
    """Let an employee work here again; nothing happens if that is so already. Raises NotFoundError."""
    with shop.writing("team.activate") as writing:
        agent = replace(find_any_agent(shop, word), active=True)
        if agent.role == "owner":
            access.require("team.appoint_owner", shop.agent.role)
        update_agent(shop.database, agent)
        writing.touch("agent", agent.id)
        return agent


def require_agent(shop: Shop, word: str) -> Agent:
    """Return the active employee with this code or name; raises NotFoundError."""
    agent = find_agent(shop.database, word)
    if agent is None or not agent.active:
        raise _missing(word)
    return agent


def find_any_agent(shop: Shop, word: str) -> Agent:
    """Return the employee with this code or name, also one who has left; raises NotFoundError."""
    agent = find_agent(shop.database, word)
    if agent is None:
        raise _missing(word)
    return agent


def _missing(word: str) -> NotFoundError:
    return NotFoundError(
        _("There is no employee “{name}”.", name=word), remedy=_("“aftersales team list” shows them.")
    )


def _get(shop: Shop, code: str) -> Agent:
    found = find_agent(shop.database, code)
    assert found is not None
    return found


def _require_free(shop: Shop, code: str, name: str) -> None:
    """Refuse a code or name that already means somebody; who has left keeps the code, not the name."""
    taken = find_agent(shop.database, code) if code else None
    if taken:
        raise RefusedError(
            _("There is already an employee “{code}”.", code=code),
            remedy=_("Choose another code.")
            if taken.active
            else _("If it is the same person: aftersales team activate {code}", code=taken.code),
        )
    namesake = find_agent(shop.database, name)
    if namesake and namesake.active:
        raise RefusedError(
            _("There is already an employee called “{name}”: {code}.", name=name, code=namesake.code),
            remedy=_("Choose a name that tells the two apart, e.g. with the surname."),
        )


def _require_another_owner(shop: Shop, agent: Agent) -> None:
    if not any(
        other.active and other.role == "owner" and other.id != agent.id
        for other in list_agents(shop.database)
    ):
        raise RefusedError(
            _("{name} is the only owner; somebody has to stay one.", name=agent.name),
            remedy=_("Make another employee an owner first: aftersales team change CODE --role owner"),
        )
