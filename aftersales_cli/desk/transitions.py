"""Which states a case can go to, and which way each verb takes it. Rules only: values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass

from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.taxonomy import load_taxonomy

TRANSITIONS: Mapping[str, tuple[str, ...]] = {
    "new": ("triaged", "in_progress", "merged", "cancelled"),
    "triaged": ("in_progress", "waiting_customer", "waiting_internal", "cancelled", "merged"),
    "in_progress": (
        "waiting_customer",
        "waiting_internal",
        "waiting_platform",
        "resolved",
        "cancelled",
        "merged",
    ),
    "waiting_customer": ("in_progress", "resolved", "cancelled"),
    "waiting_internal": ("in_progress", "resolved", "cancelled"),
    "waiting_platform": ("in_progress", "resolved", "cancelled"),
    "resolved": ("closed", "in_progress"),
    "closed": ("in_progress",),
    "merged": (),
    "cancelled": (),
}
"""State → states that may follow it directly."""

_STAY: tuple[str, ...] = ()
_START = ("in_progress",)
_START_AND_RESOLVE = ("in_progress", "resolved")


@dataclass(frozen=True)
class Verb:
    """What a command does to the state of a case."""

    event: str
    """Type of the event its last step leaves."""
    paths: Mapping[str, tuple[str, ...]]
    """State → states walked through; empty for "no change"; a state that is missing is refused."""
    options: str = ""
    """What must stand behind ``aftersales cases VERB NUMBER``."""


VERBS: Mapping[str, Verb] = {
    "assign": Verb("assigned", dict.fromkeys(OPEN_STATUSES, _STAY), "AGENT"),
    "reply": Verb(
        "replied",
        {
            **dict.fromkeys((*OPEN_STATUSES, "resolved", "closed"), _STAY),
            **dict.fromkeys(("new", "triaged"), _START),
        },
        "--say …",
    ),
    "note": Verb("noted", dict.fromkeys(TRANSITIONS, _STAY), "…"),
    "resolve": Verb(
        "resolved",
        # Waiting cases walk through in_progress as well; only the time-out rule may leave that out.
        {**dict.fromkeys(OPEN_STATUSES, _START_AND_RESOLVE), "in_progress": ("resolved",)},
        "--cause …",
    ),
    "reopen": Verb("reopened", dict.fromkeys(("resolved", "closed"), _START), "--reason …"),
    "close": Verb("closed", {"resolved": ("closed",)}),
    "cancel": Verb("cancelled", dict.fromkeys(OPEN_STATUSES, ("cancelled",)), "--reason …"),
}

PASSING_EVENTS = {"in_progress": "started"}
"""State → type of the event when a verb walks through it on its way."""


def find_path(verb: str, status: str, *, number: int | None = None) -> tuple[str, ...]:
    """Return the states a verb walks through from a state; empty if it changes none.

    Raises RefusedError naming the state, what is possible from there and the command for it.
    """
    path = VERBS[verb].paths.get(status)
    if path is not None:
        return path
    raise RefusedError(
        _(
            "Case {number}: “{verb}” is not possible, the case is “{status}”.",
            number=_number(number),
            verb=verb,
            status=_label(status),
        ),
        remedy=explain_possible(status, number=number),
    )


def next_status(verb: str, status: str, *, number: int | None = None) -> str:
    """Return the state after a verb; raises RefusedError as ``find_path`` does."""
    path = find_path(verb, status, number=number)
    return path[-1] if path else status


def explain_possible(status: str, *, number: int | None = None) -> str:
    """Say which states can follow and which command leads to each."""
    ways = []
    for name, verb in VERBS.items():
        if path := verb.paths.get(status):
            command = f"aftersales cases {name} {_number(number)} {verb.options}".rstrip()
            ways.append(_("to “{status}”: {command}", status=_label(path[-1]), command=command))
    if not ways:
        return _("Nothing follows this state; open a new case: {command}", command="aftersales cases open")
    return _("Possible from here: {ways}.", ways="; ".join(ways))


def _number(number: int | None) -> str:
    return "N" if number is None else str(number)


def _label(status: str) -> str:
    return load_taxonomy("case_statuses").label(status)
