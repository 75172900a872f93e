"""Accept or decline what the figures propose: an accepted change is written into the shop's own plans."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.customers.plans.plan_files import FILE_NAME, Plan, find_plan, load_plans
from aftersales_cli.customers.plans.plan_versions import keep_plans, read_version
from aftersales_cli.database.callback_effect import decide_proposal, get_proposal
from aftersales_cli.database.callback_plans import find_last_version, get_plan_version
from aftersales_cli.desk.calendar_specs import settings_path
from aftersales_cli.desk.rule_files import FOLDER
from aftersales_cli.errors import NotFoundError, RefusedError
from aftersales_cli.language import _
from aftersales_cli.publishing import publish_text
from aftersales_cli.records.effects import Proposal
from aftersales_cli.shop import Shop

_KEYS = {"channel": "channels", "segment": "segments", "script": "script"}
"""Subject of a proposal → key of the plan; hours are no key of plans but of those who call."""


@dataclass(frozen=True)
class Decided:
    """What came of a decision."""

    number: int
    status: str
    plan: str
    subject: str
    line: str
    """The changed line of the plan; empty for a declined proposal."""
    path: Path | None
    """The file it was written into; None if it is to be changed by hand."""
    version: int | None
    """The plan's new version."""


def decline(shop: Shop, number: int) -> Decided:
    """Decline a proposal: it is not made again for this version. Raises NotFoundError, RefusedError."""
    with shop.writing("callbacks.decide", f"proposal:{number}"):
        proposal, code = _require_open(shop, number)
        decide_proposal(shop.database, number, status="declined", at=shop.stamp, actor=shop.agent.code)
    return Decided(number, "declined", code, proposal.subject, "", None, None)


def accept(shop: Shop, number: int) -> Decided:
    """Accept a proposal: the plan's file in the shop's own templates is changed, which makes a new version.

    Where the file cannot be changed safely the line to change is returned. Raises NotFoundError, RefusedError,
    FileError.
    """
    with shop.writing("callbacks.decide", f"proposal:{number}") as writing:
        proposal, code = _require_open(shop, number)
        line = _line(proposal)
        text = _changed_text(shop, code, proposal, line) if proposal.subject in _KEYS else None
        decide_proposal(shop.database, number, status="accepted", at=shop.stamp, actor=shop.agent.code)
        path, version = None, None
        if text is not None:
            path = publish_text(shop, shop.folder / FOLDER / FILE_NAME, text)
            if not shop.dry_run:
                version = keep_plans(shop, [find_plan(load_plans(shop.folder), code)])[code].version
        writing.count(accepted=1)
    return Decided(number, "accepted", code, proposal.subject, line, path, version)


def _require_open(shop: Shop, number: int) -> tuple[Proposal, str]:
    """Return an open proposal and its plan's code; refuse what was decided or no longer fits the plan."""
    proposal = get_proposal(shop.database, number)
    version = get_plan_version(shop.database, proposal.plan_id) if proposal else None
    if proposal is None or version is None:
        raise NotFoundError(
            _("There is no proposal {number}.", number=number),
            remedy=_("“aftersales callbacks effect” shows those there are."),
        )
    if proposal.status != "open":
        raise RefusedError(
            _("Proposal {number} was decided before, by {name}.", number=number, name=proposal.decided_by)
        )
    last = find_last_version(shop.database, version.code)
    if last is not None and last.id != version.id:
        raise RefusedError(
            _("The plan “{code}” was changed since proposal {number} was made.", code=version.code, number=number),
            remedy=_("Its new version is measured by itself: aftersales callbacks effect"),
        )  # fmt: skip
    return proposal, version.code


def _line(proposal: Proposal) -> str:
    """Return the line of the plan as it is to be, or the hours to call at."""
    if proposal.subject == "hour":
        return proposal.proposed
    words = proposal.proposed.split()
    value = (
        f'"{words[0]}"'
        if proposal.subject == "script"
        else "[" + ", ".join(f'"{word}"' for word in words) + "]"
    )
    return f"{_KEYS[proposal.subject]} = {value}"


def _changed_text(shop: Shop, code: str, proposal: Proposal, line: str) -> str | None:
    """Return the plans' file with one line changed, None if anything else would change with it."""
    key = _KEYS[proposal.subject]
    text = settings_path(FILE_NAME, shop.folder).read_text(encoding="utf-8-sig")
    blocks = re.split(r"(?m)^(?=\[\[plan\]\])", text)
    places = [
        n
        for n, block in enumerate(blocks)
        if re.search(rf'(?m)^code\s*=\s*["\']{re.escape(code)}["\']', block)
    ]
    if len(places) != 1:
        return None
    changed, count = re.subn(rf"(?m)^{key}\s*=.*$", lambda _match: line, blocks[places[0]])
    if count != 1:
        return None
    blocks[places[0]] = changed
    new = "".join(blocks)
    return new if _differs_in_one_key(text, new, code, key) and _is_as_kept(shop, code, proposal) else None


def _differs_in_one_key(before: str, after: str, code: str, key: str) -> bool:
    try:
        old, new = (tomllib.loads(text)["plan"] for text in (before, after))
    except (tomllib.TOMLDecodeError, KeyError):
        return False
    for mine, theirs in zip(old, new, strict=True):
        differing = {name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)}
        if differing != ({key} if mine.get("code") == code else set()):
            return False
    return True


def _is_as_kept(shop: Shop, code: str, proposal: Proposal) -> bool:
    """Tell whether the file still says what the version was that the figures are of."""
    version = get_plan_version(shop.database, proposal.plan_id)
    plan: Plan = find_plan(load_plans(shop.folder), code)
    return version is not None and read_version(version) == plan
