"""What a case's history says about its clocks: when each started, paused and ended. Rules only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from aftersales_cli.desk.channels import WRITTEN
from aftersales_cli.records.cases import OPEN_STATUSES, Case, CaseEvent, CaseMessage

PAUSING = frozenset({"waiting_customer", "waiting_platform"})
"""Statuses in which the next step is somebody else's; waiting for a colleague is our own time."""

_SOLVED = frozenset({"resolved", "closed"})
_MATCHED_FIELDS = frozenset({"kind", "severity", "complexity", "channel"})

Pause = tuple[str, str | None]


@dataclass(frozen=True)
class Span:
    """One clock before a policy gives it a target; moments as they are stored."""

    metric: str
    cycle: int
    turn: int
    started_at: str
    met_at: str | None = None
    stopped_at: str | None = None
    pauses: tuple[Pause, ...] = ()
    due_at: str | None = None
    """Only for a marketplace's deadline that somebody typed in."""

    @property
    def ended_at(self) -> str | None:
        """When it was met or stopped."""
        return self.met_at or self.stopped_at


@dataclass
class _Cycle:
    """From opening or reopening to the end that followed."""

    number: int
    started_at: str
    ended_at: str | None = None
    solved: bool = False
    pauses: list[Pause] = field(default_factory=list)

    def holds(self, moment: str) -> bool:
        return self.started_at <= moment and (self.ended_at is None or moment < self.ended_at)


def find_spans(case: Case, events: Sequence[CaseEvent], messages: Sequence[CaseMessage]) -> list[Span]:
    """Return the clocks of a case, those of a cycle together.

    Events come in the order they were recorded, messages in the order they were sent. Nothing here depends on
    when it is asked, so that a late or repeated look gives the same answer.
    """
    cycles = _find_cycles(case, events)
    replies = _find_replies(case, messages)
    spans = [
        *_first_reply(case, cycles, replies),
        *_next_replies(case, cycles, replies, messages),
        *_updates(case, cycles, replies),
        *_resolutions(cycles),
        *_platform(case, events, cycles),
    ]
    return [_clipped(span) for span in spans]


def case_as_of(case: Case, events: Sequence[CaseEvent], moment: str | None) -> Case:
    """Return the case with kind, severity, complexity and channel as they were at a moment (None for now).

    What a clock was when it ended decides about it, not what the case became later.
    """
    if moment is None:
        return case
    before: dict[str, str] = {}
    for event in reversed(events):
        if event.field in _MATCHED_FIELDS and event.at > moment:
            before[event.field] = event.before
    return replace(case, **before) if before else case  # type: ignore[arg-type] # texts, all four


def _find_cycles(case: Case, events: Sequence[CaseEvent]) -> list[_Cycle]:
    """Follow the status from one event to the next; what was written down late cannot come before its cause."""
    cycle = _Cycle(1, case.opened_at)
    cycles, status, position, paused_at = [cycle], "new", case.opened_at, None
    for after, at in _status_changes(case, events):
        if after == status:
            continue
        moment = max(at, position)
        if paused_at is not None:
            cycle.pauses.append((paused_at, moment))
            paused_at = None
        was_open, is_open = status in OPEN_STATUSES, after in OPEN_STATUSES
        if was_open and not is_open:
            cycle.ended_at, cycle.solved = moment, after in _SOLVED
        elif is_open and not was_open:
            cycle = _Cycle(cycle.number + 1, moment)
            cycles.append(cycle)
        if after in PAUSING:
            paused_at = moment
        status, position = after, moment
    if paused_at is not None:
        cycle.pauses.append((paused_at, None))
    if cycle.ended_at is not None:
        # A platform's file says when it ended; the event only when the file was made.
        known = case.resolved_at if cycle.solved else case.closed_at
        cycle.ended_at = max(
            known or (case.closed_at if cycle.solved else None) or cycle.ended_at, cycle.started_at
        )
    return cycles


def _status_changes(case: Case, events: Sequence[CaseEvent]) -> Iterator[tuple[str, str]]:
    last = "new"
    for event in events:
        if event.field == "status":
            yield event.after, event.at
            last = event.after
    if last != case.status:
        yield case.status, case.resolved_at or case.closed_at or case.opened_at


def _find_replies(case: Case, messages: Sequence[CaseMessage]) -> list[tuple[str, int]]:
    """Return (moment, message id) of what people of the shop told the customer; bots do not count."""
    replies = [
        (message.sent_at, message.id)
        for message in messages
        if message.direction == "out" and message.author_type == "agent"
    ]
    if case.first_reply_at is not None and not any(at == case.first_reply_at for at, _id in replies):
        # Given in the chat window and recorded without its words.
        replies.append((case.first_reply_at, 0))
    return sorted(replies)


def _first_reply(case: Case, cycles: list[_Cycle], replies: list[tuple[str, int]]) -> Iterator[Span]:
    if not case.reply_expected:
        return
    met = next((at for at, _id in replies if _before_next(at, cycles, 0)), None)
    yield Span("first_reply", 1, 1, case.opened_at, met, None if met else cycles[0].ended_at)


def _before_next(moment: str, cycles: list[_Cycle], index: int) -> bool:
    return index + 1 >= len(cycles) or moment < cycles[index + 1].started_at


def _next_replies(
    case: Case, cycles: list[_Cycle], replies: list[tuple[str, int]], messages: Sequence[CaseMessage]
) -> Iterator[Span]:
    asked = [
        (message.sent_at, message.id)
        for message in messages
        if message.direction == "in" and message.author_type == "customer" and message.channel in WRITTEN
    ]
    for index, cycle in enumerate(cycles):
        turn, free_from = 0, _counted_from(case, cycles, replies, index)
        if free_from is None:
            continue
        for moment, identity in asked:
            late = moment < cycle.started_at  # said after the end, before the case was taken up again
            if (moment, identity) <= free_from or not (late or cycle.holds(moment)):
                continue
            answers = (entry for entry in replies if entry > (moment, identity))
            answer = next((entry for entry in answers if _before_next(entry[0], cycles, index)), None)
            turn += 1
            start = max(moment, cycle.started_at)
            met = max(answer[0], start) if answer else None
            yield Span("next_reply", cycle.number, turn, start, met, None if met else cycle.ended_at)
            if answer is None:
                break
            free_from = answer


def _counted_from(
    case: Case, cycles: list[_Cycle], replies: list[tuple[str, int]], index: int
) -> tuple[str, int] | None:
    """Return after which word the customer's messages begin a turn; None if all belong to the first reply."""
    if index == 0:
        if case.reply_expected:
            return next((entry for entry in replies if _before_next(entry[0], cycles, 0)), None)
        # The opening words were spoken, and answered in the same breath.
        return case.opened_at, 2**63
    ended = (cycles[index - 1].ended_at or cycles[index].started_at, -1)
    answered = [entry for entry in replies if ended <= entry and entry[0] < cycles[index].started_at]
    return max(answered, default=ended)


def _updates(case: Case, cycles: list[_Cycle], replies: list[tuple[str, int]]) -> Iterator[Span]:
    heard = sorted({moment for moment, _id in replies})
    for index, cycle in enumerate(cycles):
        start: str | None = cycle.started_at
        inside = [moment for moment in heard if cycle.holds(moment)]
        if index == 0 and (case.reply_expected or case.origin != "own"):
            # Until the first answer its own clock runs; buyers of a platform's case hear from the platform.
            start = inside.pop(0) if inside else None
        if start is None or start == cycle.ended_at:
            continue
        moments = [start, *(moment for moment in inside if moment > start)]
        pauses = tuple(cycle.pauses)
        for turn, (first, following) in enumerate(pairwise(moments), start=1):
            yield Span("update", cycle.number, turn, first, following, None, pauses)
        yield Span("update", cycle.number, len(moments), moments[-1], None, cycle.ended_at, pauses)


def _resolutions(cycles: list[_Cycle]) -> Iterator[Span]:
    for cycle in cycles:
        met = cycle.ended_at if cycle.solved else None
        stopped = None if cycle.solved else cycle.ended_at
        yield Span("resolution", cycle.number, 1, cycle.started_at, met, stopped, tuple(cycle.pauses))


def _platform(case: Case, events: Sequence[CaseEvent], cycles: list[_Cycle]) -> Iterator[Span]:
    """Return the marketplace's clock; it ends when the next step is somebody else's or the case is solved.

    A chat message alone is no decision.
    """
    asked_anew = max(
        (event.at for event in events if event.field == "platform_due_at"), default=case.opened_at
    )
    moments = [
        event.at
        for event in events
        if event.field == "status" and event.at >= asked_anew and event.after in PAUSING
    ]
    moments += [
        cycle.ended_at for cycle in cycles if cycle.solved and cycle.ended_at and cycle.ended_at >= asked_anew
    ]
    met = min(moments, default=None)
    stopped = None if met or cycles[-1].solved else cycles[-1].ended_at
    yield Span("platform", 1, 1, case.opened_at, met, stopped, (), case.platform_due_at)


def _clipped(span: Span) -> Span:
    """Leave out what happened after the end: a case may wait again for other reasons."""
    end = span.ended_at
    if end is None or not span.pauses:
        return span
    pauses = tuple(
        (start, end if until is None or until > end else until) for start, until in span.pauses if start < end
    )
    return replace(span, pauses=pauses)
