"""Sort a case: what it is, how serious, how much work. Rules suggest, people decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aftersales_cli.clock import local_day
from aftersales_cli.database.cases import change_case, list_case_messages
from aftersales_cli.database.orders import get_order
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.database.triage_facts import list_contacts, list_similar_cases
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.escalating import inform_at_once
from aftersales_cli.desk.rule_files import RuleEntry
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case, require_path, take_step
from aftersales_cli.desk.triage_rules import LEVELS, Suggestion, TriageFacts, load_triage, suggest
from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.shop import Shop

_LOOK_BACK = 7


@dataclass(frozen=True)
class Triage:
    """A case with what the rules suggest for it."""

    case: Case
    suggestion: Suggestion


def default_severity(kind: str) -> str:
    """Return the severity of a case nobody has graded: the lowest level of its scale."""
    return "L1" if kind == "complaint" else "normal"


def suggest_triage(shop: Shop, number: int) -> Triage:
    """Return what the rules make of a case, and why; changes nothing.

    Raises NotFoundError, FileError and WrongUsageError for broken rules.
    """
    case = require_case(shop, number)
    return Triage(case, _suggest(shop, case, load_triage(shop.folder)))


def triage_case(
    shop: Shop,
    number: int,
    *,
    kind: str = "",
    severity: str = "",
    complexity: str = "",
    reason: str = "",
    accept: bool = False,
    note: str = "",
    at: datetime | None = None,
) -> Triage:
    """Set what a case is; words are codes in either language. ``accept`` takes the suggestion for the rest.

    What changes gets events; a new case is ``triaged`` then. Raises RefusedError if the case has ended,
    WrongUsageError for a severity of the wrong scale, NotFoundError.
    """
    with changing(shop, "cases.triage", number):
        case = require_case(shop, number)
        require_path(shop, case, "triage")
        moment = check_case_moment(shop, case, at)
        given = {
            "kind": shop.taxonomy("kinds").resolve(kind) if kind else "",
            "severity": shop.taxonomy("severities").resolve(severity) if severity else "",
            "complexity": shop.taxonomy("complexities").resolve(complexity) if complexity else "",
            "reason_first": shop.taxonomy("reasons").resolve(reason) if reason else "",
        }
        suggestion = _suggest(shop, case, load_triage(shop.folder))
        if accept:
            given = {field: code or _suggested(suggestion, field) for field, code in given.items()}
        check_scale(given["kind"] or case.kind, given["severity"])
        changes = _changes(case, given)
        case = take_step(shop, case, "triage", at=moment, changes=changes, note=note)
        case = inform_at_once(shop, case, at=moment)
        return Triage(case, suggestion)


def sort_if_certain(shop: Shop, case: Case, *, kind: str, severity: str) -> Case:
    """Give a case that has just been opened what rules are certain of. Inside ``writing``.

    ``kind`` and ``severity`` are codes somebody gave, ``""`` if nobody did. With a kind only the severity is
    taken; one that was given stays unless a rule made a case of the other scale of it.
    """
    try:
        entries = load_triage(shop.folder)
    except (FileError, WrongUsageError):
        if kind:
            return case  # who said what it is loses no case over a broken file
        raise
    rules = [entry for entry in entries if entry.values.get("certain")]
    suggestion = _suggest(shop, case, rules, keep_kind=bool(kind))
    given = {"severity": severity if _fits(suggestion.kind, severity) else suggestion.severity}
    if not kind:
        given |= {"kind": suggestion.kind, "reason_first": suggestion.reason}
    changes = {
        field: value for field, value in _changes(case, given).items() if value != getattr(case, field)
    }
    if not changes:
        return case
    field = "level" if suggestion.kind == "complaint" else "severity"
    for entry in suggestion.fired:
        if kind and field not in entry.suggests:
            continue
        words = ", ".join(f"“{word}”" for word in entry.words)
        record_event(
            shop, case.number, "sorted", at=case.opened_at, field="rule", after=entry.key, note=words
        )
    # Not a step of triage: the case stays new, so that somebody still looks at it.
    return _change(shop, case, changes)


def _change(shop: Shop, case: Case, changes: dict[str, object]) -> Case:
    for field in ("kind", "severity", "reason_first"):
        if field in changes and changes[field] != getattr(case, field):
            record_event(
                shop,
                case.number,
                "changed",
                at=case.opened_at,
                field=field,
                before=str(getattr(case, field)),
                after=str(changes[field]),
            )
    change_case(shop.database, case.number, expected=case.status, changes=changes)
    return require_case(shop, case.number)


def _suggested(suggestion: Suggestion, field: str) -> str:
    return str(getattr(suggestion, "reason" if field == "reason_first" else field))


def _changes(case: Case, given: dict[str, str]) -> dict[str, object]:
    """Return the columns to set; a kind of the other scale takes its lowest severity along."""
    changes: dict[str, object] = {field: code for field, code in given.items() if code}
    kind = str(changes.get("kind", case.kind))
    if "severity" not in changes and not _fits(kind, case.severity):
        changes["severity"] = default_severity(kind)
    return changes


def _fits(kind: str, severity: str) -> bool:
    return bool(severity) and (severity in LEVELS) == (kind == "complaint")


def check_scale(kind: str, severity: str) -> None:
    """Raise WrongUsageError for a severity (``""`` for none) of the scale other kinds have; both are codes."""
    if severity and not _fits(kind, severity):
        raise WrongUsageError(
            _("“{severity}” is no severity for this kind of case.", severity=severity),
            remedy=_("Complaints have L1 to L4, all others normal, high or urgent."),
        )


def _suggest(shop: Shop, case: Case, rules: Sequence[RuleEntry], *, keep_kind: bool = False) -> Suggestion:
    return suggest(rules, _gather(shop, case, rules), keep_kind=keep_kind)


def _gather(shop: Shop, case: Case, rules: Sequence[RuleEntry]) -> TriageFacts:
    db = shop.database
    order = get_order(db, case.order_id) if case.order_id is not None else None
    storefront = get_storefront(db, case.storefront_id) if case.storefront_id is not None else None
    said = [message for message in list_case_messages(db, case.number) if message.direction == "in"]
    days = max((int(entry.values.get("days", _LOOK_BACK)) for entry in rules), default=_LOOK_BACK)
    last = local_day(max([case.opened_at, *(message.sent_at for message in said)]), shop.zone)
    since = last - timedelta(days=days)
    contacts = {
        (number, local_day(moment, shop.zone))
        for number, moment in list_contacts(db, case.number, f"{since.isoformat()}T00:00:00Z")
    }
    # Looked up among all cases of these days: only for rules that ask.
    asks_similar = any("same_product" in entry.values for entry in rules)
    similar = list_similar_cases(db, case.number, since.isoformat()) if asks_similar else []
    amount = None if order is None else order.paid if order.paid is not None else order.total
    return TriageFacts(
        texts=(case.title, case.reason_raw, *(message.body for message in said)),
        kind=case.kind,
        reason=case.reason_final or case.reason_first,
        last_on=last,
        platform=storefront.platform if storefront else "",
        order_status=order.status if order else "",
        amount=amount,
        currency=order.currency if order else "",
        contact_days=tuple(sorted(day for _number, day in contacts)),
        similar=tuple((reason, date.fromisoformat(day)) for reason, day in similar),
    )
