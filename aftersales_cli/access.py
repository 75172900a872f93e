"""Who may do what: a table from operation to roles. It guards against mistakes, not against attackers."""

from aftersales_cli.errors import NotAllowedError
from aftersales_cli.language import N_, _

ROLES = ("owner", "manager", "agent", "technician", "warehouse", "viewer")
ROLE_NAMES = {
    "owner": N_("shop owner"),
    "manager": N_("manager"),
    "agent": N_("service agent"),
    "technician": N_("technician"),
    "warehouse": N_("warehouse worker"),
    "viewer": N_("viewer"),
}

_LEADS = frozenset({"owner", "manager"})
_DESK = _LEADS | {"agent"}
_STAFF = _DESK | {"technician", "warehouse"}
_WORKERS = frozenset({"technician", "warehouse"})

ALLOWED: dict[str, frozenset[str]] = {
    "shop.init": frozenset({"owner"}),
    "storefronts.add": _LEADS,
    "storefronts.rename": _LEADS,
    "team.add": _LEADS,
    "team.change": _LEADS,
    "team.appoint_owner": frozenset({"owner"}),
    "team.deactivate": _LEADS,
    "team.activate": _LEADS,
    "orders.import": _DESK,
    "orders.undo": _LEADS,
    "orders.dismiss": _DESK,
    "orders.vocabulary": _LEADS,
    "customers.merge": _LEADS,
    "customers.value": _STAFF,
    "customers.tag": _STAFF,
    "rates.import": _LEADS,
    "customers.churn": _DESK,
    "customers.consent": _STAFF,
    "customers.export": _LEADS,
    "customers.forget": _LEADS,
    "cases.open": _STAFF,
    "cases.triage": _DESK | {"technician"},
    "cases.hear": _STAFF,
    "cases.wait": _STAFF,
    "cases.resume": _STAFF,
    "cases.confirm": _DESK | {"technician"},
    "cases.expire": _DESK,
    "cases.merge": _DESK,
    "cases.link": _DESK,
    "cases.split": _DESK,
    "cases.typical": _DESK,
    "cases.archive": _LEADS,
    "cases.assign": _DESK,
    "cases.reassign": _LEADS,
    "cases.bulk": _DESK,
    "cases.export": _DESK,
    "cases.export_contacts": _LEADS,
    "cases.reply": _DESK | {"technician"},
    "cases.note": _STAFF,
    "cases.resolve": _STAFF,
    "cases.reopen": _DESK,
    "cases.close": _DESK | {"technician"},
    "cases.cancel": _DESK,
    "cases.end_complaint": _LEADS,
    "cases.handoff": _STAFF,
    "cases.answer_handoff": _STAFF,
    "cases.withdraw_handoff": _STAFF,
    "cases.escalate": _STAFF,
    "cases.open_incident": _DESK,
    "cases.change_incident": _DESK,
    "cases.answer_incident": _DESK,
    "cases.close_incident": _LEADS,
    "cases.register": _DESK,
    "cases.register_import": _STAFF,
    "returns.request": _STAFF,
    "returns.review": _DESK,
    "returns.withdraw": _DESK,
    "returns.evidence": _STAFF,
    "returns.ship": _STAFF,
    "returns.receive": _STAFF,
    "returns.inspect": _STAFF,
    "returns.expire": _DESK,
    "returns.exceptions": _STAFF,
    "returns.exceptions_import": _STAFF,
    "replacements.reserve": _DESK,
    "replacements.ship": _STAFF,
    "replacements.deliver": _STAFF,
    "replacements.void": _DESK,
    "repairs.book": _STAFF,
    "repairs.solve": _STAFF,
    "repairs.receive": _STAFF,
    "repairs.diagnose": _STAFF,
    "repairs.quote": _STAFF,
    "repairs.approve": _STAFF,
    "repairs.decline": _STAFF,
    "repairs.start": _STAFF,
    "repairs.test": _STAFF,
    "repairs.ship": _STAFF,
    "repairs.finish": _STAFF,
    "repairs.give_up": _STAFF,
    "repairs.points_add": _LEADS,
    "repairs.points_change": _LEADS,
    "policy.keep": _STAFF,
    "sla.check": _DESK,
    "calendar.import": _LEADS,
    "cases.cost": _DESK,
    "refunds.plan": _DESK,
    "refunds.approve": _LEADS,
    "refunds.pay": _DESK,
    "refunds.fail": _DESK,
    "refunds.void": _DESK,
    "refunds.reconcile": _DESK,
    "invoices.ask": _DESK,
    "invoices.issue": _DESK,
    "invoices.reverse": _DESK,
    "callbacks.plan": _DESK,
    "callbacks.export": _DESK,
    "callbacks.import": _DESK,
    "callbacks.record": _DESK,
    "callbacks.propose": _LEADS,
    "callbacks.decide": _LEADS,
    "surveys.invite": _DESK,
    "surveys.wave": _LEADS,
    "surveys.export": _DESK,
    "surveys.sent": _DESK,
    "surveys.cancel": _DESK,
    "surveys.expire": _DESK,
    "surveys.record": _DESK,
    "surveys.topics": _DESK,
    "kpi.export": _LEADS,
    "jobs.run": _LEADS,
    "refusal": frozenset(ROLES),
}
"""Operation → roles that may do it. An operation that is not listed is a bug (a test looks for it)."""

OWN_CASES_ONLY: dict[str, frozenset[str]] = dict.fromkeys(
    (
        "cases.triage", "cases.reply", "cases.wait", "cases.resume", "cases.resolve", "cases.close",
        "cases.confirm",
    ),
    _WORKERS,
)  # fmt: skip
"""Operation → roles that may do it on cases of their own and on those nobody works on, not on those of others."""


def own_only(operation: str, role: str) -> bool:
    """Tell whether the role may do an operation on its own and on free cases only."""
    return role in OWN_CASES_ONLY.get(operation, ())


def require(operation: str, role: str) -> None:
    """Refuse (exit code 4) an operation that the role may not do; KeyError for an unknown operation."""
    if role not in ALLOWED[operation]:
        allowed = ", ".join(_(ROLE_NAMES[name]) for name in ROLES if name in ALLOWED[operation])
        raise NotAllowedError(
            operation,
            _(
                "A {role} may not do “{operation}”.",
                role=_(ROLE_NAMES[role]),
                operation=operation.replace(".", " ").replace("_", " "),
            ),
            remedy=_("Allowed for: {roles}. Choose another employee with --as.", roles=allowed),
        )
