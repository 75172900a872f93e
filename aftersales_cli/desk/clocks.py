"""The promises about a case: clocks derived from its events and messages, kept for lists and figures."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from aftersales_cli.clock import from_text
from aftersales_cli.database.cases import get_case, list_case_events, list_case_messages
from aftersales_cli.database.sla import (
    get_seen,
    list_case_clocks,
    list_cases_with_open_clocks,
    put_seen,
    replace_clocks,
)
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.desk.calendars import Calendars, open_calendars
from aftersales_cli.desk.sla_deriving import derive_clock, describe_case, keep_ended, keep_marks, typed_clock
from aftersales_cli.desk.sla_policies import Promise
from aftersales_cli.desk.sla_spans import Span, case_as_of, find_spans
from aftersales_cli.desk.sla_versions import Rules, current_versions, read_rules, version_at
from aftersales_cli.records.cases import Case, CaseEvent
from aftersales_cli.records.desk import SlaClock, SlaSeen, SlaVersion
from aftersales_cli.records.shops import Storefront
from aftersales_cli.shop import Shop
from aftersales_cli.worktime import Calendar


@dataclass
class ClockDesk:
    """What is needed to derive clocks, read once for many cases."""

    shop: Shop
    versions: list[SlaVersion]
    days: str
    """Changes whenever a day of a calendar does."""
    _calendars: dict[tuple[int, int], Calendars] = field(default_factory=dict)
    _storefronts: dict[int, Storefront | None] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        """The version that the files hold now."""
        return self.versions[-1].version

    def rules(self, version: int) -> Rules:
        """Return policies and calendars of a version."""
        return read_rules(self.versions[version - 1].document)

    def calendar(self, version: int, name: str, started_at: str) -> Calendar:
        """Return a calendar as a version has it, with the days around a start."""
        return self.calendars(version, started_at).get(name)

    def calendars(self, version: int, started_at: str) -> Calendars:
        """Return the calendars of a version that know the year of a start."""
        year = int(started_at[:4])
        key = version, min(year, self.shop.today.year)
        if key not in self._calendars:
            self._calendars[key] = open_calendars(self.shop, specs=self.rules(version).specs, first_year=year)
        return self._calendars[key]

    def storefront(self, case: Case) -> Storefront | None:
        """Return the storefront of a case."""
        if case.storefront_id is None:
            return None
        if case.storefront_id not in self._storefronts:
            self._storefronts[case.storefront_id] = get_storefront(self.shop.database, case.storefront_id)
        return self._storefronts[case.storefront_id]

    def find_promise(self, case: Case, span: Span, version: int) -> Promise | None:
        """Return what a version promises about a span, None for no clock."""
        facts = describe_case(case, self.storefront(case), self.shop.settings.shop.country)
        return self.rules(version).book.find(span.metric, facts)


def open_clock_desk(shop: Shop, *, strict: bool = False, store: bool = True) -> ClockDesk:
    """Read policies and calendars; a changed file becomes a new version, which ``store`` keeps, inside ``writing``.

    With ``strict`` a broken file raises FileError or WrongUsageError, else the version before it stays in force.
    """
    versions = current_versions(shop, strict=strict, store=store)
    specs = read_rules(versions[-1].document).specs
    return ClockDesk(shop, versions, open_calendars(shop, specs=specs).fingerprint())


def refresh_clocks(shop: Shop, numbers: Sequence[int]) -> None:
    """Derive the clocks of these cases anew from what happened. To be used inside ``writing``.

    A clock keeps the version of the policies it was made under; a new one gets that of its start.
    """
    if not numbers:
        return
    desk = open_clock_desk(shop)
    for number in numbers:
        refresh_case(desk, number)


def refresh_open_clocks(shop: Shop) -> int:
    """Derive all clocks that run anew, e.g. after a day became a holiday; return how many are due at another time."""
    desk, moved = open_clock_desk(shop), 0
    for number in list_cases_with_open_clocks(shop.database):
        before = {_key(clock): clock.due_at for clock in list_case_clocks(shop.database, number)}
        moved += sum(
            _key(clock) in before and before[_key(clock)] != clock.due_at
            for clock in refresh_case(desk, number)
        )
    return moved


@dataclass(frozen=True)
class Derived:
    """The clocks of a case as its history has them, beside those that are stored."""

    case: Case
    spans: list[Span]
    clocks: list[SlaClock]
    stored: list[SlaClock]
    seen: SlaSeen | None
    seq: int
    """Number of the last event."""
    least: int
    """The least version of the policies that new clocks go by."""


def derive_case(desk: ClockDesk, number: int, *, newest: bool = False) -> Derived | None:
    """Return what the clocks of a case are; None if there is no such case. Changes nothing.

    With ``newest`` its open clocks go over to the newest version of the policies.
    """
    db = desk.shop.database
    case = get_case(db, number)
    if case is None:
        return None
    events, stored, seen = list_case_events(db, number), list_case_clocks(db, number), get_seen(db, number)
    least = desk.newest if newest else seen.version if seen else 0
    choose = _version_chooser(desk, stored, least=least, newest=newest)
    spans = find_spans(case, events, list_case_messages(db, number))
    marked = {_key(clock): clock for clock in stored}
    clocks = [
        keep_marks(keep_ended(clock, known), known)
        for clock in _derive(desk, case, events, spans, choose)
        for known in [marked.get(_key(clock))]
    ]
    return Derived(case, spans, clocks, stored, seen, events[-1].seq if events else 0, least)


def refresh_case(desk: ClockDesk, number: int, *, newest: bool = False) -> list[SlaClock]:
    """Derive the clocks of a case, store what changed, and return them all. To be used inside ``writing``."""
    derived = derive_case(desk, number, newest=newest)
    if derived is None:
        return []
    db = desk.shop.database
    replace_clocks(db, number, derived.stored, derived.clocks)
    put_seen(db, number, seq=derived.seq, days=desk.days, version=derived.least, known=derived.seen)
    return derived.clocks


def _key(clock: SlaClock) -> tuple[str, int, int]:
    return clock.metric, clock.cycle, clock.turn


def _version_chooser(
    desk: ClockDesk, stored: Sequence[SlaClock], *, least: int, newest: bool
) -> Callable[[Span], int]:
    kept = {_key(clock): clock.version for clock in stored}

    def choose(span: Span) -> int:
        is_open = span.ended_at is None
        if newest and is_open:
            return desk.newest
        known = kept.get((span.metric, span.cycle, span.turn))
        if known is not None:
            return known
        begun = version_at(desk.versions, span.started_at)
        return max(begun, least) if is_open else begun

    return choose


def _derive(
    desk: ClockDesk,
    case: Case,
    events: Sequence[CaseEvent],
    spans: Sequence[Span],
    choose: Callable[[Span], int],
) -> Iterable[SlaClock]:
    zone = desk.shop.zone
    for span in spans:
        version = choose(span)
        if span.due_at is not None:
            yield typed_clock(case.number, span, version=version, zone=zone)
            continue
        promise = desk.find_promise(case_as_of(case, events, span.ended_at), span, version)
        if promise is None:
            continue
        calendar = desk.calendar(version, promise.calendar, span.started_at)
        yield derive_clock(case.number, span, promise, calendar, version=version, zone=zone)


def list_due_years(clocks: Iterable[SlaClock]) -> set[int]:
    """Return the years in which open clocks are due."""
    return {from_text(clock.due_at).year for clock in clocks if clock.due_at is not None}
