"""Who may do what: a table from operation to roles. It guards against mistakes, not against attackers."""

from aftersales_cli.errors import RefusedError
from aftersales_cli.language import N_, _

ROLES = ("owner", "manager", "agent", "technician", "warehouse", "viewer")
ROLE_NAMES = {
    "owner": N_("shop owner"),
    "manager": N_("manager"),
    "agent": N_("service agent"),
    "technician": N_("technician"),
    "warehouse": N_("warehouse"),
    "viewer": N_("viewer"),
}

_LEADS = frozenset({"owner", "manager"})
_DESK = _LEADS | {"agent"}
_STAFF = _DESK | {"technician", "warehouse"}

ALLOWED: dict[str, frozenset[str]] = {
    "shop.init": frozenset({"owner"}),
    "storefronts.add": _LEADS,
    "storefronts.rename": _LEADS,
    "team.add": _LEADS,
    "orders.import": _DESK,
    "orders.undo": _LEADS,
    "orders.vocabulary": _LEADS,
    "customers.merge": _LEADS,
    "cases.open": _STAFF,
    "cases.assign": _DESK,
    "cases.reply": _DESK,
    "cases.note": _STAFF,
    "cases.resolve": _STAFF,
    "cases.reopen": _DESK,
    "cases.close": _DESK,
    "cases.cancel": _DESK,
    "callbacks.plan": _DESK,
    "callbacks.export": _DESK,
    "callbacks.import": _DESK,
    "callbacks.record": _DESK,
    "kpi.export": _LEADS,
    "jobs.run": _LEADS,
    "refusal": frozenset(ROLES),
}
"""Operation → roles that may do it. An operation that is not listed is a bug (a test looks for it)."""


def require(operation: str, role: str) -> None:
    """Refuse (exit code 4) an operation that the role may not do; KeyError for an unknown operation."""
    if role not in ALLOWED[operation]:
        allowed = ", ".join(_(ROLE_NAMES[name]) for name in ROLES if name in ALLOWED[operation])
        raise RefusedError(
            _(
                "A {role} may not do “{operation}”.",
                role=_(ROLE_NAMES[role]),
                operation=operation.replace(".", " "),
            ),
            remedy=_("Allowed for: {roles}. Choose another employee with --as.", roles=allowed),
        )
