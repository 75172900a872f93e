"""Any history of a case: however it waits, ends and is taken up again, its clocks stay what they must be."""

import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from aftersales_cli.clock import from_text, to_text
from aftersales_cli.database.cases import get_case
from aftersales_cli.database.fetch import execute
from aftersales_cli.database.sla import list_case_clocks
from aftersales_cli.desk.clocks import derive_case, open_clock_desk, refresh_clocks
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.sla_deriving import clock_state, span_pauses
from aftersales_cli.desk.transitions import TRANSITIONS
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.founding import found_shop
from aftersales_cli.worktime import elapsed_seconds
from tests.desk.sla_helpers import add_message, set_status

OPENED = from_text("2026-09-25T02:00:00Z")
STEPS = st.sampled_from([30, 600, 3600, 9 * 3600, 26 * 3600, 6 * 86400]).map(
    lambda seconds: timedelta(seconds=seconds)
)
BACK = st.sampled_from([0, 0, 0, 1200, 40_000]).map(lambda seconds: timedelta(seconds=seconds))


FOLDER = tempfile.TemporaryDirectory()


@cache
def _shared_shop() -> Shop:
    """Open one shop for all examples, each of which has a case of its own; nothing here has to survive a crash."""
    shop = open_shop(found_shop(Path(FOLDER.name) / "shop", language="en").folder)
    shop.database.conn.execute("PRAGMA synchronous = OFF")
    return shop


class CaseLife(RuleBasedStateMachine):
    """A case around a week of holidays, whose steps are sometimes written down later than they happened."""

    def __init__(self) -> None:
        super().__init__()
        self.shop = _shared_shop()
        self.now = OPENED
        self.number = open_case(self.shop, kind="complaint", say="?", at=OPENED).number

    @property
    def status(self) -> str:
        case = get_case(self.shop.database, self.number)
        assert case is not None
        return case.status

    @rule(step=STEPS, back=BACK, choice=st.integers(0, 20))
    def move(self, step: timedelta, back: timedelta, choice: int) -> None:
        self.now += step
        following = TRANSITIONS[self.status]
        if following:
            status = following[choice % len(following)]
            if status in {"merged", "cancelled"} and choice % 3:
                return
            set_status(self.shop, self.number, status, at=max(self.now - back, OPENED))

    @rule(step=STEPS, back=BACK, direction=st.sampled_from(["in", "out"]), bot=st.booleans())
    def speak(self, step: timedelta, back: timedelta, direction: str, bot: bool) -> None:
        self.now += step
        author = "bot" if bot and direction == "out" else ""
        add_message(self.shop, self.number, direction, at=max(self.now - back, OPENED), author=author)

    @precondition(lambda self: self.status in {"waiting_customer", "waiting_platform"})
    @rule(step=STEPS)
    def go_on(self, step: timedelta) -> None:
        self.now += step
        set_status(self.shop, self.number, "in_progress", at=self.now)

    @invariant()
    def pauses_never_make_a_clock_negative(self) -> None:
        desk = open_clock_desk(self.shop, store=False)
        derived = derive_case(desk, self.number)
        assert derived is not None
        spans = {(span.metric, span.cycle, span.turn): span for span in derived.spans}
        for clock in derived.clocks:
            span = spans[clock.metric, clock.cycle, clock.turn]
            calendar = desk.calendar(clock.version, clock.calendar, clock.started_at)
            start, pauses = from_text(clock.started_at), span_pauses(span)
            assert clock.paused_seconds >= 0
            assert clock.target_seconds >= 0
            end = from_text(span.ended_at) if span.ended_at else self.now
            assert elapsed_seconds(calendar, start, end, pauses=pauses) >= 0
            if clock.due_at is not None:
                assert clock.due_at >= clock.started_at
                assert (
                    elapsed_seconds(calendar, start, from_text(clock.due_at), pauses=pauses)
                    == clock.target_seconds
                )
            assert not clock.is_paused or span.ended_at is None
            assert span.ended_at is None or span.ended_at >= clock.started_at

    @invariant()
    def late_and_repeated_looks_agree(self) -> None:
        stored = list_case_clocks(self.shop.database, self.number)
        with self.shop.writing("cases.note"):
            execute(self.shop.database, "DELETE FROM sla_clocks WHERE case_number = :n", {"n": self.number})
            refresh_clocks(self.shop, [self.number])
        assert list_case_clocks(self.shop.database, self.number) == stored

    @invariant()
    def only_open_cases_have_open_clocks(self) -> None:
        clocks = list_case_clocks(self.shop.database, self.number)
        now = to_text(self.now)
        running = [clock for clock in clocks if clock.met_at is None and clock.stopped_at is None]
        assert bool(running) <= (self.status not in {"resolved", "closed", "merged", "cancelled"})
        assert all(clock_state(clock, now) in {"missed", "near", "running", "paused"} for clock in running)


TestCaseLife = CaseLife.TestCase
TestCaseLife.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
