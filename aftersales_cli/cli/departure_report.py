"""How it is told that an employee has left, and what becomes of the open work."""

from aftersales_cli.cli.run import Run
from aftersales_cli.desk.leaving import Departure
from aftersales_cli.language import _, plural
from aftersales_cli.records.desk_rows import LeftCallback


def departure_lines(run: Run, departure: Departure) -> list[str]:
    """Return what became of the cases, callbacks and questions, in lines for people."""
    return [
        _("{name} has left.", name=departure.agent.name),
        *_case_lines(run, departure),
        *_callback_lines(departure),
        *_handoff_lines(run, departure),
    ]


def _case_lines(run: Run, departure: Departure) -> list[str]:
    count = len(departure.cases)
    if not count:
        return [_("There are no open cases to hand over.")]
    if departure.taker:
        text = plural(
            "{taker} takes over {count} open case:", "{taker} takes over {count} open cases:", count,
            taker=departure.taker.name,
        )  # fmt: skip
    else:
        text = plural("{count} open case needs somebody:", "{count} open cases need somebody:", count)
    kinds = run.shop.taxonomy("kinds")
    lines = [text, *(f"  #{row.number} {kinds.label(row.kind)} {row.title}" for row in departure.cases)]
    if not departure.taker:
        where = f"assignee={departure.agent.code}"
        lines.append(
            _("Give them to somebody: {command}",
              command=f'aftersales cases assign --where "{where}" --to AGENT')
        )  # fmt: skip
    return lines


def _callback_lines(departure: Departure) -> list[str]:
    count = len(departure.callbacks)
    if not count:
        return []
    if departure.taker:
        text = plural(
            "{taker} takes over {count} callback:", "{taker} takes over {count} callbacks:", count,
            taker=departure.taker.name,
        )  # fmt: skip
    else:
        text = plural(
            "{count} callback goes to somebody else with the plan of its day:",
            "{count} callbacks go to somebody else with the plan of their day:",
            count,
        )
    return [text, *(_callback_line(entry) for entry in departure.callbacks)]


def _callback_line(entry: LeftCallback) -> str:
    line = "  " + _("{day}: callback {id}", day=entry.due_on, id=entry.id)
    return f"{line} (#{entry.case_number})" if entry.case_number else line


def _handoff_lines(run: Run, departure: Departure) -> list[str]:
    count = len(departure.handoffs)
    if not count:
        return []
    if departure.taker:
        text = plural(
            "{taker} is asked {count} open question:", "{taker} is asked {count} open questions:", count,
            taker=departure.taker.name,
        )  # fmt: skip
    else:
        text = plural(
            "{count} open question goes to the whole department:",
            "{count} open questions go to the whole department:",
            count,
        )
    departments = run.shop.taxonomy("departments")
    return [
        text,
        *(
            f"  #{row.case_number} {departments.label(row.department)}: {row.question}"
            for row in departure.handoffs
        ),
    ]
