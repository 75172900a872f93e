"""Words for clocks: the board's columns, and the page ``sla explain`` prints."""

from collections.abc import Iterator, Mapping, Sequence

from aftersales_cli.cli.durations import CLOCK_STATES, duration_text, remaining_text
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.title_room import title_room
from aftersales_cli.clock import from_text, local_text
from aftersales_cli.desk.refunds.promises import RefundPromise
from aftersales_cli.desk.sla_board import BoardRow
from aftersales_cli.desk.sla_checking import ClockChange
from aftersales_cli.desk.sla_explaining import CaseStory, ClockStory, WalkStep
from aftersales_cli.desk.sla_policies import METRICS, read_target
from aftersales_cli.insight.wording import shorten
from aftersales_cli.language import N_, _, plural
from aftersales_cli.records.desk import SlaClock
from aftersales_cli.shop import Shop

_PROMISES = {**METRICS, "refund": N_("refund")}
"""What a row of the board is about → its name for people."""
_WALL = "wall"
_HOUR = 3600
_LONGEST_WALK = 40
"""So many windows are printed; ``--json`` has all."""


def time_text(seconds: int, calendar: str) -> str:
    """Write a time of a calendar: days only of wall time, since a working day has not 24 hours."""
    if calendar == _WALL or seconds < _HOUR:
        return duration_text(seconds)
    return _("{hours} h {minutes} min", hours=seconds // _HOUR, minutes=seconds % _HOUR // 60)


def target_text(target: str, calendar: str) -> str:
    """Write a target of the policies in words, e.g. ``3 min`` for ``3min``, ``1 working day`` for ``1wd``."""
    seconds, days = read_target(target)
    if days:
        return plural("{count} working day", "{count} working days", days)
    return time_text(seconds, calendar)


def calendar_text(name: str) -> str:
    """Return the name of a calendar as lists show it."""
    return {"wall": _("wall time"), "business": _("working time")}.get(name, name)


_MATCHED = {
    "kind": N_("kind"),
    "severity": N_("severity"),
    "complexity": N_("complexity"),
    "channel": N_("channel"),
    "platform": N_("platform"),
    "storefront": N_("storefront"),
    "country": N_("country"),
}
_TAXONOMIES = {"kind": "kinds", "severity": "severities", "channel": "channels"}
_COMPLEXITIES = {"simple": N_("simple"), "normal": N_("normal"), "complex": N_("complex")}


def match_text(shop: Shop, match: Mapping[str, Sequence[str]]) -> str:
    """Say which cases a policy is for, e.g. ``kind: complaint; severity: major complaint``."""

    def label(key: str, word: str) -> str:
        if key == "complexity":
            return _(_COMPLEXITIES[word])
        return shop.taxonomy(_TAXONOMIES[key]).label(word) if key in _TAXONOMIES else word

    parts = [
        f"{_(_MATCHED[key])}: {', '.join(label(key, word) for word in words)}" for key, words in match.items()
    ]
    return "; ".join(parts) or _("every case")


def board_columns(
    shop: Shop, rows: Sequence[BoardRow | RefundPromise], *, is_file: bool = False
) -> list[Column]:
    """Return the columns of the board: all for a file, on a terminal those a row has room for."""
    kinds, severities = shop.taxonomy("kinds"), shop.taxonomy("severities")
    columns = [
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("State"), lambda row: _(CLOCK_STATES[row.state])),
        Column(_("Promise"), lambda row: _(_PROMISES[row.metric])),
        Column(_("Due"), lambda row: local_text(row.due_at, shop.zone)),
        Column(_("Time"), _left_text, right=True),
        Column(_("Assignee"), lambda row: row.assignee),
    ]
    if is_file:
        return [
            *columns,
            Column(_("Counted in"), lambda row: calendar_text(row.calendar)),
            Column(_("Kind"), lambda row: kinds.label(row.kind)),
            Column(_("Severity"), lambda row: severities.label(row.severity)),
            Column(_("Title"), lambda row: row.title),
        ]
    room = title_room(rows, columns)
    return [*columns, Column(_("Title"), lambda row: shorten(_graded_title(shop, row), room))]


def _left_text(row: BoardRow | RefundPromise) -> str:
    return remaining_text(row.remaining_seconds, row.calendar, is_missed=row.state == "missed")


def _graded_title(shop: Shop, row: BoardRow | RefundPromise) -> str:
    """Return the title behind what makes the case more than an ordinary one, e.g. ``L3 The cups are broken``."""
    if row.severity == "normal":
        return row.title
    grade = row.severity if row.kind == "complaint" else shop.taxonomy("severities").label(row.severity)
    return f"{grade} {row.title}"


def change_columns(shop: Shop) -> list[Column]:
    """Return the columns of what newer policies change."""

    def policy(before: str | None, after: str | None) -> str:
        return _("{before} → {after}", before=before or "–", after=after or "–")

    def row_policy(row: ClockChange) -> str:
        return policy(row.policy_before, row.policy_after)

    return [
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Promise"), lambda row: _(METRICS[row.metric])),
        Column(_("Policy"), row_policy),
        Column(_("Due before"), lambda row: local_text(row.due_before, shop.zone)),
        Column(_("Due now"), lambda row: local_text(row.due_after, shop.zone)),
    ]


def write_board_lines(shop: Shop, rows: Sequence[BoardRow | RefundPromise]) -> list[str]:
    """Return one line for each clock of a check, e.g. for the log of the night."""
    return [
        _(
            "case {number}, {metric}: due {due}, {remaining}",
            number=row.case_number,
            metric=_(_PROMISES[row.metric]),
            due=local_text(row.due_at, shop.zone),
            remaining=_left_text(row),
        )
        for row in rows
    ]


def write_story(shop: Shop, story: CaseStory) -> list[str]:
    """Return the page that explains the clocks of a case."""
    count = len(story.clocks)
    lines = [
        plural(
            "Case {number}: {count} clock", "Case {number}: {count} clocks", count, number=story.case_number
        )
    ]
    for entry in story.clocks:
        lines += ["", *_write_clock(shop, entry)]
    return lines


def _write_clock(shop: Shop, story: ClockStory) -> Iterator[str]:
    clock = story.clock
    yield _clock_title(clock) + ": " + _(CLOCK_STATES[story.state])
    yield "  " + _policy_line(shop, story)
    for line in _target_lines(story):
        yield "  " + line
    yield "  " + _("Started: {moment}", moment=local_text(clock.started_at, shop.zone))
    yield from _write_pauses(shop, story)
    yield from _write_walk(shop, story)
    yield "  " + _end_line(shop, story)
    for warning in story.warnings:
        yield "  " + _("Attention: {text}", text=warning)


def _clock_title(clock: SlaClock) -> str:
    name = _(METRICS[clock.metric])
    parts = [name[:1].upper() + name[1:]]
    if clock.cycle > 1:
        parts.append(_("cycle {number}", number=clock.cycle))
    if clock.turn > 1:
        parts.append(_("number {number}", number=clock.turn))
    return ", ".join(parts)


def _policy_line(shop: Shop, story: ClockStory) -> str:
    if not story.policy_name:
        return _("Deadline of the marketplace, as typed in when the case was opened.")
    return _(
        "Policy: {name} ({policy}) of version {version}, in force since {since}; for {match}",
        name=story.policy_name,
        policy=story.clock.policy,
        version=story.clock.version,
        since=local_text(story.version_since, shop.zone),
        match=match_text(shop, story.match),
    )


def _target_lines(story: ClockStory) -> Iterator[str]:
    is_wall = story.clock.calendar == _WALL
    calendar = _("wall time") if is_wall else f"{story.calendar_name} ({story.timezone})"
    duration = time_text(story.clock.target_seconds, story.clock.calendar)
    if is_wall and story.at_most_seconds == story.clock.target_seconds:
        yield _(
            "Target: {target}, but at most {duration} of wall time, which comes first here",
            target=target_text(story.target, story.clock.calendar),
            duration=duration,
        )
    elif story.target and target_text(story.target, story.clock.calendar) == duration:
        yield _("Target: {target}, counted in {calendar}", target=duration, calendar=calendar)
    else:
        yield _(
            "Target: {target} = {duration}, counted in {calendar}",
            target=target_text(story.target, story.clock.calendar) if story.target else _("typed in"),
            duration=duration,
            calendar=calendar,
        )
    if story.source:
        yield _("Source: {source} (certainty {certainty})", source=story.source, certainty=story.certainty)


def _write_pauses(shop: Shop, story: ClockStory) -> Iterator[str]:
    for start, end in story.pauses:
        if end is not None and end <= story.clock.started_at:
            continue
        yield "  " + _(
            "Paused: {start} to {end} (waiting for somebody else)",
            start=local_text(start, shop.zone),
            end=local_text(end, shop.zone) if end else _("now"),
        )
    if story.clock.paused_seconds:
        yield "  " + _(
            "Not counted in these pauses: {duration}",
            duration=time_text(story.clock.paused_seconds, story.clock.calendar),
        )


def _write_walk(shop: Shop, story: ClockStory) -> Iterator[str]:
    for step in story.walk[:_LONGEST_WALK]:
        yield "    " + _step_line(shop, step, story.clock)
    left_out = len(story.walk) - _LONGEST_WALK
    if left_out > 0:
        yield "    " + _("… {count} more windows; --json has all.", count=left_out)


def _step_line(shop: Shop, step: WalkStep, clock: SlaClock) -> str:
    start, end = (from_text(moment).astimezone(shop.zone) for moment in (step.start, step.end))
    last = end.strftime("%H:%M:%S" if end.second else "%H:%M")
    if end.date() != start.date():
        last = end.strftime("%Y-%m-%d %H:%M")
    text = _(
        "{start} to {end}: {counted}, together {total} of {target}",
        start=start.strftime("%Y-%m-%d %H:%M:%S" if start.second else "%Y-%m-%d %H:%M"),
        end=last,
        counted=time_text(step.open_seconds - step.paused_seconds, clock.calendar),
        total=time_text(step.total_seconds, clock.calendar),
        target=time_text(clock.target_seconds, clock.calendar),
    )
    if step.paused_seconds:
        text += _(" (paused for {duration})", duration=time_text(step.paused_seconds, clock.calendar))
    return text


def _end_line(shop: Shop, story: ClockStory) -> str:
    clock = story.clock
    if clock.due_at is None:
        return _("Due: not before the pause ends")
    due = local_text(clock.due_at, shop.zone)
    if clock.met_at:
        return _("Due: {due}; done {moment}", due=due, moment=local_text(clock.met_at, shop.zone))
    if clock.stopped_at:
        return _(
            "Due: {due}; ended {moment} without it", due=due, moment=local_text(clock.stopped_at, shop.zone)
        )
    return _(
        "Due: {due}; {remaining}", due=due, remaining=remaining_text(story.remaining_seconds, clock.calendar)
    )
