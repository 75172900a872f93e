"""How a case ends when nothing else is said, and what must be known before it may end."""

from collections.abc import Mapping

from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _
from aftersales_cli.taxonomy import Taxonomy

DEFAULT_RESOLUTIONS: Mapping[str, str] = {
    "inquiry": "answered",
    "order_problem": "answered",
    "return": "returned",
    "refund_only": "refunded",
    "exchange": "exchanged",
    "repair": "repaired",
    "maintenance": "maintained",
    "complaint": "apologised",
    "damage_claim": "compensated",
    "invoice": "invoiced",
    "suggestion": "noted",
    "praise": "noted",
}
"""Kind → resolution; a kind of the shop's own ends as ``other``."""

CAUSE_OPTIONAL = frozenset({"inquiry", "invoice", "suggestion", "praise", "other"})
"""Kinds where usually nobody is at fault."""

UNKNOWN = "unknown"


def default_resolution(kind: str) -> str:
    """Return how a case of this kind usually ends."""
    return DEFAULT_RESOLUTIONS.get(kind, "other")


def choose_cause(kind: str, given: str, known: str, causes: Taxonomy) -> str:
    """Return the cause code: the given word's, else the one known before, else ``unknown`` where that will do.

    Raises RefusedError listing the causes where one is needed, WrongUsageError for a word that is none.
    """
    if given:
        return causes.resolve(given)
    if known:
        return known
    if kind in CAUSE_OPTIONAL:
        return UNKNOWN
    names = ", ".join(f"{term.code} ({term.name})" for term in causes)
    raise RefusedError(
        _("The cause is missing: a case of this kind can be resolved only when it is known."),
        remedy=_("Add --cause with one of: {choices}", choices=names),
    )


def find_fault(cause: str, causes: Taxonomy) -> str:
    """Return the party at fault for a cause, ``""`` if the list names none."""
    term = causes.terms.get(cause)
    return term.group if term else ""
