"""Choose many cases by words such as ``kind=complaint status=new storefront=tmall-1``."""

import shlex
from collections.abc import Sequence

from aftersales_cli.clock import parse_day
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import OPEN_STATUSES, CaseFilter
from aftersales_cli.shop import Shop
from aftersales_cli.taxonomy import fold
from aftersales_cli.team.agents import find_any_agent
from aftersales_cli.team.storefronts import require_storefront

KEYS = ("kind", "status", "severity", "storefront", "assignee", "incident", "before", "since", "cases")
"""What can be asked for; ``before`` and ``since`` are days on which cases were opened."""

_NOBODY = frozenset({"none", "nobody", "-", "无", "空"})
_EVERY, _OPEN = frozenset({"all", "全部"}), frozenset({"open", "未完成"})


def parse_where(shop: Shop, where: Sequence[str], *, every: bool = False) -> CaseFilter:
    """Turn ``KEY=VALUE`` words into a filter; several values with commas, words in either language.

    Without a status it means open cases, or all with ``every``. Raises WrongUsageError naming the word and the
    keys, NotFoundError.
    """
    given: dict[str, list[str]] = {}
    for word in (part for text in where for part in _split(text)):
        key, equals, value = word.partition("=")
        if not equals or key not in KEYS or key in given:
            raise WrongUsageError(
                _("“{word}” says nothing about cases.", word=word),
                remedy=_("Write KEY=VALUE, each key once: {keys}", keys=", ".join(KEYS)),
            )
        given[key] = [entry for entry in value.replace("，", ",").split(",") if entry.strip()]
        if not given[key]:
            raise WrongUsageError(_("“{word}” has no value.", word=word))
    if where and not given:
        raise WrongUsageError(
            _("“{word}” says nothing about cases.", word="--where"),
            remedy=_("Write KEY=VALUE, each key once: {keys}", keys=", ".join(KEYS)),
        )
    return CaseFilter(
        statuses=_statuses(shop, given.get("status"), every=every or "cases" in given),
        kinds=tuple(shop.taxonomy("kinds").resolve(word) for word in given.get("kind", ())),
        severities=tuple(shop.taxonomy("severities").resolve(word) for word in given.get("severity", ())),
        assignee_id=_assignee(shop, given.get("assignee")),
        unassigned=_is_nobody(given.get("assignee")),
        storefront_id=require_storefront(shop, _one(given["storefront"])).id
        if "storefront" in given
        else None,
        incident_id=_numbers("incident", given["incident"])[0] if "incident" in given else None,
        opened_before=_day(given.get("before")),
        opened_since=_day(given.get("since")),
        numbers=tuple(_known_cases(shop, given["cases"])) if "cases" in given else None,
    )


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise WrongUsageError(
            _("“{word}” has an open quotation mark.", word=text), remedy=_("Write it like kind=complaint.")
        ) from error


def _statuses(shop: Shop, words: Sequence[str] | None, *, every: bool) -> tuple[str, ...]:
    if words is None:
        return () if every else OPEN_STATUSES
    if any(fold(word) in _EVERY for word in words):
        return ()
    chosen: list[str] = []
    for word in words:
        known = shop.taxonomy("case_statuses")
        chosen += OPEN_STATUSES if fold(word) in _OPEN else (known.resolve(word),)
    return tuple(dict.fromkeys(chosen))


def _is_nobody(words: Sequence[str] | None) -> bool:
    return words is not None and fold(_one(words)) in _NOBODY


def _assignee(shop: Shop, words: Sequence[str] | None) -> int | None:
    # Also somebody who has left: those cases need somebody else.
    return None if words is None or _is_nobody(words) else find_any_agent(shop, _one(words)).id


def _one(words: Sequence[str]) -> str:
    if len(words) > 1:
        raise WrongUsageError(_("“{word}”: only one can be named here.", word=",".join(words)))
    return words[0]


def _numbers(key: str, words: Sequence[str]) -> list[int]:
    for word in words:
        if not (word.strip().isascii() and word.strip().isdigit() and len(word.strip()) <= 15):  # noqa: PLR2004
            raise WrongUsageError(_("“{word}” ({key}) is no number.", word=word, key=key))
    return [int(word) for word in words]


def _known_cases(shop: Shop, words: Sequence[str]) -> list[int]:
    numbers = _numbers("cases", words)
    for number in numbers:
        # A mistyped number would otherwise leave its case out without a word.
        require_case(shop, number)
    return numbers


def _day(words: Sequence[str] | None) -> str | None:
    return parse_day(_one(words)).isoformat() if words else None
