"""Which columns hold what is personal to a customer, and whose a row is: declared once, for export and forgetting.

Every text column of the schema stands here; a test finds the one that was forgotten. A new column belongs to one
of four kinds: ``emptied`` (words about or by a customer), ``scrubbed`` (usually harmless, but a name or number may
have got into it: only that is taken out), ``plain`` (codes, moments, products, and the shop's own people), or the
whole row goes (``removed``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

PEOPLE = "SELECT id FROM temp.forgotten_people"
ORDERS = "SELECT id FROM temp.forgotten_orders"
CASES = "SELECT number FROM temp.forgotten_cases"
"""The customers a walk is about, their orders and their cases: temporary tables filled by ``forgetting.choose_people``."""

_OF_PEOPLE = f"customer_id IN ({PEOPLE})"
_OF_ORDERS = f"order_id IN ({ORDERS})"
_OF_CASES = f"case_number IN ({CASES})"
_OF_PLANS = f"plan_id IN (SELECT id FROM refund_plans WHERE {_OF_CASES} OR {_OF_ORDERS})"
_OF_REQUESTS = f"request_id IN (SELECT id FROM return_requests WHERE {_OF_CASES} OR {_OF_ORDERS})"
_OF_LINES = f"order_line_id IN (SELECT id FROM order_lines WHERE {_OF_ORDERS})"


@dataclass(frozen=True)
class Table:
    """What a table holds about customers."""

    whose: str = ""
    """SQL condition of the rows that belong to the chosen people; empty if none belongs to anybody."""
    emptied: Mapping[str, str] = field(default_factory=dict)
    """Column → the condition under which it is emptied, empty for always."""
    scrubbed: str = ""
    """Names of columns of which only a person's names and numbers are taken out, in every row."""
    plain: str = ""
    """Names of columns without anything personal."""
    removed: str = ""
    """Names of the columns of a table whose rows go wholly; or that are replaced by another step of forgetting."""

    def columns(self) -> set[str]:
        """Return all columns that are declared."""
        return {*self.emptied, *self.scrubbed.split(), *self.plain.split(), *self.removed.split()}


def _emptied(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "")


_CUSTOMERS = {
    "customers": Table(
        f"id IN ({PEOPLE})",
        _emptied("name", "phone", "email"),
        plain="country erased_at created_at language zone",
    ),
    "customer_keys": Table(_OF_PEOPLE, removed="external_id"),
    "customer_tags": Table(_OF_PEOPLE, removed="tag origin why at"),
    "consents": Table(_OF_PEOPLE, _emptied("proof"), plain="purpose channel said_at recorded_at recorded_by"),
    "customer_facts": Table(_OF_PEOPLE, plain="first_on last_on currency"),
    "customer_values": Table(_OF_PEOPLE, plain="month as_of segment"),
    "churn_scores": Table(_OF_PEOPLE, removed="as_of method degree reason last_on sign sign_on"),
    "callbacks": Table(
        f"{_OF_PEOPLE} OR {_OF_CASES}",
        _emptied("note", "why"),
        plain="reason due_on status outcome next_due_on planned_at recorded_at recorded_on churn_reason channel",
    ),
    "callback_holdouts": Table(_OF_PEOPLE, plain="due_on why"),
    "survey_invites": Table(
        f"{_OF_PEOPLE} OR {_OF_CASES}",
        plain="code type language status planned_on expires_on sent_at sent_on reminded_at answered_at",
    ),
    "survey_answers": Table(
        f"{_OF_PEOPLE} OR {_OF_CASES} OR {_OF_ORDERS}",
        _emptied("comment"),
        scrubbed="row_key",
        plain="type source answered_at answered_on order_external_id question linked_by as_of topic topic_by "
        "follow_up",
    ),
    "reviews_received": Table(
        _OF_ORDERS,
        _emptied("body"),
        plain="order_external_id reviewed_at reviewed_on sku title row_key as_of",
    ),
    "forget_receipts": Table(_OF_PEOPLE, plain="asked_at finished_at asked_by counts"),
    "tombstones": Table(plain="hash at"),
}

_ORDERS_AND_MONEY = {
    "orders": Table(
        _OF_PEOPLE,
        _emptied("buyer_note", "seller_note"),
        plain="external_id display_number placed_at placed_on paid_at paid_on shipped_at delivered_at finished_at "
        "status status_raw close_reason currency paid_basis refunded_basis title as_of refunded_stated_basis "
        "cell_ages paid_facts",
    ),
    "order_lines": Table(
        _OF_ORDERS,
        plain="order_external_id line_key sku title variant currency status_raw as_of cell_ages order_word",
    ),
    "line_values": Table(_OF_LINES, plain="currency basis fixed_at"),
    "parcels": Table(
        _OF_ORDERS,
        plain="carrier number order_external_id status status_raw status_at received_at received_on as_of",
    ),
    "refunds": Table(
        _OF_CASES,
        plain="external_id order_external_id currency status status_raw requested_at succeeded_at succeeded_on as_of "
        "return_carrier return_number",
    ),
    "refund_plans": Table(
        f"{_OF_CASES} OR {_OF_ORDERS}",
        _emptied("reason", "failure", "reference"),
        plain="currency status route key planned_at planned_by approved_at approved_by due_at requested_at "
        "succeeded_at succeeded_on",
    ),
    "refund_parts": Table(_OF_PLANS, plain="type"),
    "refund_attempts": Table(_OF_PLANS, _emptied("reference", "note"), plain="at actor outcome"),
    "statement_rows": Table(
        f"{_OF_PLANS} OR order_external_id IN (SELECT external_id FROM orders WHERE {_OF_PEOPLE})",
        _emptied("reference"),
        plain="code source at currency order_external_id read_at",
    ),
    "invoices": Table(
        f"{_OF_CASES} OR {_OF_ORDERS}",
        _emptied("title", "tax_id"),
        plain="currency asked_at due_at issued_at number",
    ),
    "case_costs": Table(_OF_CASES, _emptied("note"), plain="type currency recover_from at actor"),
}

_DESK = {
    "cases": Table(
        f"number IN ({CASES})",
        _emptied("title", "reason_raw", "typical_note"),
        scrubbed="status_raw",
        plain="kind channel origin order_external_id external_id severity complexity status opened_at opened_on "
        "first_reply_at resolved_at resolved_on closed_at resolution reason_first reason_final cause fault "
        "cancel_reason platform_due_at confirmed_at typical_on archived_at",
    ),
    "case_lines": Table(_OF_CASES, plain="sku title line_id"),
    "case_messages": Table(
        _OF_CASES,
        {"author": "author_type = 'customer'", "body": ""},
        plain="direction author_type channel sent_at",
    ),
    # Before and after are codes, but for the names of files.
    "case_events": Table(
        _OF_CASES,
        {"note": "", "before": "field = 'evidence'", "after": "field = 'evidence'"},
        plain="at recorded_at actor type field",
    ),
    "case_links": Table(_OF_CASES, plain="type linked_at"),
    "case_work": Table(_OF_CASES, plain="at"),
    "handoffs": Table(
        _OF_CASES, _emptied("question", "answer"), plain="department asked_at asked_by due_at done_at done_by"
    ),
    "incidents": Table(scrubbed="title note", plain="sku product reason opened_at closed_at"),
    "register_rows": Table(_OF_CASES, plain="code content taken_at"),
    "request_rows": Table(_OF_CASES, plain="code taken_at"),
    "sla_clocks": Table(
        _OF_CASES,
        plain="metric policy calendar started_at warn_at due_at due_on met_at stopped_at pauses warned_at "
        "escalated_at",
    ),
    "sla_seen": Table(_OF_CASES, plain="days"),
    "return_requests": Table(
        f"{_OF_CASES} OR {_OF_ORDERS}",
        scrubbed="reasons",
        plain="origin kind status status_raw reason condition requested_at requested_on requested_by currency rules "
        "postage_by flag decide_by decided_at send_by ended_at",
    ),
    "return_lines": Table(_OF_REQUESTS, plain="sku title disposition"),
    "reviews": Table(_OF_REQUESTS, {"reason": "step <> 'auto'"}, plain="step verdict rules reviewer at"),
    "evidence": Table(_OF_CASES, removed="sha256 name media_type added_at added_by"),
    "return_parcels": Table(
        _OF_CASES,
        _emptied("note"),
        plain="origin direction status moved_from carrier number sent_at expected_by received_at",
    ),
    "replacements": Table(
        _OF_CASES,
        plain="sku title status moved_from currency carrier number reserved_at shipped_at delivered_at",
    ),
    "repairs": Table(
        _OF_CASES,
        _emptied("serial", "problem", "diagnosis"),
        scrubbed="not_covered",
        plain="kind status sku product warranty warranty_until warranty_since warranty_from months_basis "
        "appointment_at booked_at received_at due_at currency quoted_at approved_at shipped_at carrier number "
        "ended_at",
    ),
}

_FILES = {
    "imports": Table(
        scrubbed="file_name warnings",
        plain="sha256 format platform encoding imported_at agent undone_at header mapping",
    ),
    "import_overlaps": Table(),
    "rejects": Table(scrubbed="reason raw", plain="sheet column_name fixed_at dismissed_at"),
    "row_history": Table(scrubbed="before after", plain="table_name row_key"),
    "conflicts": Table(scrubbed="ours theirs", plain="table_name row_key column_name seen_at"),
    "job_steps": Table(scrubbed="arguments", plain="name started_at log_file"),
}

_NOBODYS = {
    "_sqlite_migrations": Table(plain="migration_set name applied_at"),
    # Its entries are numbers by design, and nothing may change them.
    "audit_log": Table(plain="at actor operation subjects counts"),
    "agents": Table(plain="code name role department created_at languages"),
    "calendar_days": Table(plain="calendar day hours note"),
    "calendar_years": Table(plain="calendar confirmed_at"),
    "callback_plans": Table(plain="code digest document since"),
    "plan_proposals": Table(plain="subject now_value proposed why status made_at decided_at decided_by"),
    "chat_reports": Table(plain="agent_name day as_of"),
    "churn_runs": Table(plain="as_of method parameters explanation at"),
    "customers_stale": Table(),
    "exchange_rates": Table(plain="on_day currency into_currency rate"),
    "holiday_years": Table(plain="country source document"),
    "job_runs": Table(plain="job slot started_at ended_at outcome"),
    "policy_versions": Table(plain="digest document since"),
    "privacy_key": Table(),
    "service_points": Table(plain="code name address phone created_at"),
    "sla_versions": Table(plain="digest document since"),
    "storefronts": Table(plain="code name platform country timezone currency created_at"),
    "value_runs": Table(plain="month as_of at digest scheme breaks"),
    "survey_waves": Table(plain="code type segment starts_on ends_on made_at made_by"),
}

TABLES: dict[str, Table] = {**_CUSTOMERS, **_ORDERS_AND_MONEY, **_DESK, **_FILES, **_NOBODYS}
"""Every table but those of the search index, which is written anew from the others."""
