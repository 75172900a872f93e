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
_ENDED = ("resolved", "closed", "cancelled")


def _wait(target: str) -> Mapping[str, tuple[str, ...]]:
    """Return the ways into a waiting state: from another one back through the work, in it already no change."""
    return {
        **dict.fromkeys(OPEN_STATUSES, ("in_progress", target)),
        **{status: (target,) for status, following in TRANSITIONS.items() if target in following},
        target: _STAY,
    }


@dataclass(frozen=True)
class Verb:
    """What a command does to the state of a case."""

    event: str
    """Type of the event its last step leaves."""
    paths: Mapping[str, tuple[str, ...]]
    """State → states walked through; empty for "no change"; a state that is missing is refused."""
    command: str = ""
    """What stands behind ``aftersales cases``, e.g. ``wait {number} customer``; empty if only the program does it."""
    usual: bool = True
    """Whether a refusal proposes it where it leads somewhere."""

    @property
    def words(self) -> str:
        """The verb as a user types it, without number and options: ``wait customer``."""
        return " ".join(word for word in self.command.split() if word.islower() and "{" not in word)


VERBS: Mapping[str, Verb] = {
    "triage": Verb(
        "triaged", {**dict.fromkeys(OPEN_STATUSES, _STAY), "new": ("triaged",)}, "triage {number}"
    ),
    "assign": Verb("assigned", dict.fromkeys(OPEN_STATUSES, _STAY), "assign {number} AGENT"),
    "reply": Verb(
        "replied",
        {
            **dict.fromkeys((*OPEN_STATUSES, "resolved", "closed"), _STAY),
            **dict.fromkeys(("new", "triaged"), _START),
        },
        "reply {number} --say …",
    ),
    "hear": Verb(
        "heard",
        # What the customer says ends the waiting for it; a solved case is taken up again by hand.
        {**dict.fromkeys((*OPEN_STATUSES, *_ENDED), _STAY), "waiting_customer": _START},
        "reply {number} --by customer --say …",
        usual=False,
    ),
    "note": Verb("noted", dict.fromkeys(TRANSITIONS, _STAY), "note {number} …"),
    "resume": Verb(
        "resumed",
        {
            "in_progress": _STAY,
            **dict.fromkeys(
                ("new", "triaged", "waiting_customer", "waiting_internal", "waiting_platform"), _START
            ),
        },
        "resume {number}",
    ),
    "wait_customer": Verb("waiting", _wait("waiting_customer"), "wait {number} customer"),
    "wait_internal": Verb("waiting", _wait("waiting_internal"), "wait {number} internal"),
    "wait_platform": Verb("waiting", _wait("waiting_platform"), "wait {number} platform"),
    "handoff": Verb(
        "handed_off", _wait("waiting_internal"), "handoff {number} DEPARTMENT --ask …", usual=False
    ),
    "escalate": Verb("escalated", dict.fromkeys(OPEN_STATUSES, _STAY), "escalate {number}"),
    "resolve": Verb(
        "resolved",
        # Waiting cases walk through in_progress as well; only the time-out rule may leave that out.
        {**dict.fromkeys(OPEN_STATUSES, _START_AND_RESOLVE), "in_progress": ("resolved",)},
        "resolve {number} --cause …",
    ),
    "time_out": Verb(
        "timed_out",
        {"waiting_customer": ("resolved",), "resolved": ("closed",), "waiting_platform": ("resolved",)},
    ),
    "confirm": Verb("confirmed", {"resolved": ("closed",), "closed": _STAY}, "confirm {number}"),
    "close": Verb("closed", {"resolved": ("closed",)}, "close {number}", usual=False),
    "reopen": Verb("reopened", dict.fromkeys(("resolved", "closed"), _START), "reopen {number} --reason …"),
    "merge": Verb(
        "merged",
        {
            **dict.fromkeys(("new", "triaged", "in_progress"), ("merged",)),
            **dict.fromkeys(
                ("waiting_customer", "waiting_internal", "waiting_platform"), ("in_progress", "merged")
            ),
        },
        "merge {number} INTO",
    ),
    "split": Verb("split", dict.fromkeys(OPEN_STATUSES, _STAY), "split {number} --say …"),
    "link": Verb("linked", dict.fromkeys(TRANSITIONS, _STAY), "link {number} OTHER"),
    "cancel": Verb("cancelled", dict.fromkeys(OPEN_STATUSES, ("cancelled",)), "cancel {number} --reason …"),
}
"""In the order of a case's life, which is that of the proposals, too."""

_WAITS = ("wait_customer", "wait_internal", "wait_platform")

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
            verb=VERBS[verb].words or verb,
            status=_label(status),
        ),
        remedy=explain_possible(status, number=number),
    )


def explain_possible(status: str, *, number: int | None = None) -> str:
    """Say which states can follow and which command leads to each: one for a state, one line for all waiting."""
    ways: list[str] = []
    reached: set[str] = set()
    for name, verb in VERBS.items():
        path = verb.paths.get(status)
        if not path or not verb.command or not verb.usual or path[-1] in reached:
            continue
        reached.add(path[-1])
        if name in _WAITS:
            if name == next(entry for entry in _WAITS if VERBS[entry].paths.get(status)):
                ways.append(_("to wait: {command}", command=_wait_command(status, number)))
            continue
        ways.append(_("to “{status}”: {command}", status=_label(path[-1]), command=_command(verb, number)))
    if not ways:
        return _("Nothing follows this state; open a new case: {command}", command="aftersales cases open")
    return _("Possible from here: {ways}.", ways="; ".join(ways))


def _command(verb: Verb, number: int | None) -> str:
    return "aftersales cases " + verb.command.format(number=_number(number))


def _wait_command(status: str, number: int | None) -> str:
    """Return one command for all the ways of waiting that are open: ``wait 17 customer|internal``."""
    whom = [VERBS[name].words.split()[1] for name in _WAITS if VERBS[name].paths.get(status)]
    return f"aftersales cases wait {_number(number)} {'|'.join(whom)}"


def _number(number: int | None) -> str:
    return "N" if number is None else str(number)


def _label(status: str) -> str:
    return load_taxonomy("case_statuses").label(status)
