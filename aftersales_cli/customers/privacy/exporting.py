"""All that is stored about one person, found by walking the tables that hold personal data: as a page and as JSON."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from aftersales_cli.clock import local_text
from aftersales_cli.customers.privacy.consenting import require_customer
from aftersales_cli.database.people_chosen import choose_people, evidence_of_people, personal_rows
from aftersales_cli.desk.returns.evidence_store import place_of
from aftersales_cli.language import N_, _
from aftersales_cli.publishing import publish_text
from aftersales_cli.shop import Shop

HEADINGS = {
    "customers": N_("Who you are"),
    "customer_keys": N_("Your accounts on marketplaces"),
    "customer_tags": N_("Words we sort by"),
    "consents": N_("What you allowed"),
    "customer_facts": N_("What we count"),
    "customer_values": N_("How we sort customers, month by month"),
    "churn_scores": N_("Whether we think you will come back"),
    "callbacks": N_("Calls"),
    "callback_holdouts": N_("Calls that were not made"),
    "survey_invites": N_("Survey invitations"),
    "survey_answers": N_("Survey answers"),
    "reviews_received": N_("Reviews"),
    "orders": N_("Orders"),
    "order_lines": N_("What was ordered"),
    "parcels": N_("Parcels"),
    "refunds": N_("Refunds of the marketplace"),
    "refund_plans": N_("Refunds"),
    "invoices": N_("Invoices"),
    "cases": N_("Cases"),
    "case_messages": N_("Messages"),
    "case_events": N_("What happened in the cases"),
    "return_requests": N_("Return requests"),
    "evidence": N_("Photos and papers"),
    "repairs": N_("Repairs"),
    "replacements": N_("Replacements"),
}
"""Table → heading on the page; those of the others stand in the taxonomy ``stored_data``."""
_STYLE = (
    "body{font-family:sans-serif;margin:2em;max-width:70em}table{border-collapse:collapse;margin-bottom:1.5em}"
    "td,th{border:1px solid #ccc;padding:.2em .5em;text-align:left;vertical-align:top}th{font-weight:normal;color:#555}"
)

Rows = list[dict[str, object]]


@dataclass(frozen=True)
class ExportedCustomer:
    """Where the two files stand, and how much is in them."""

    customer_id: int
    page: Path
    data: Path
    rows: dict[str, int]
    """Table → rows."""
    evidence: tuple[str, ...]
    """Evidence files that belong to the person, to be handed over with the page."""


def export_customer(shop: Shop, customer_id: int, *, out: Path | None = None) -> ExportedCustomer:
    """Write all that is stored about a customer; ``out`` is a file or a folder, by default the outbox.

    Contacts stand there in full, so the audit log says who asked. Raises NotFoundError, FileError.
    """
    require_customer(shop, customer_id)
    with shop.writing("customers.export", f"customer:{customer_id}") as writing:
        choose_people(shop.database, customer_id)
        found: dict[str, Rows] = {
            table: [dict(zip(names, row, strict=True)) for row in rows]
            for table, names, rows in personal_rows(shop.database)
        }
        files = tuple(place_of(*kept).as_posix() for kept in evidence_of_people(shop.database))
        writing.count(rows=sum(map(len, found.values())))
    page = _place(shop, customer_id, out)
    document = {"customer_id": customer_id, "made_at": shop.stamp, "tables": found, "evidence_files": files}
    written = publish_text(shop, page, "\n".join(_page(shop, customer_id, found, files)))
    text = json.dumps(document, ensure_ascii=False, indent=2)
    data = publish_text(shop, written.with_suffix(".json"), text)
    return ExportedCustomer(
        customer_id, written, data, {table: len(rows) for table, rows in found.items()}, files
    )


def _place(shop: Shop, customer_id: int, out: Path | None) -> Path:
    name = _("customer-{number}", number=customer_id) + ".html"
    if out is None:
        return shop.folder / "outbox" / name
    if out.is_dir():
        return out / name
    return out if out.suffix.lower() in {".html", ".htm"} else out.with_suffix(".html")


def _page(shop: Shop, customer_id: int, found: dict[str, Rows], files: tuple[str, ...]) -> Iterator[str]:
    title = _(
        "All that {shop} stores about customer {number}", shop=shop.settings.shop.name, number=customer_id
    )
    yield f"<!doctype html><html><head><meta charset='utf-8'><title>{escape(title)}</title>"
    yield f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
    made = _("As of {moment}. Amounts are in the smallest unit of their currency, times in UTC.",
             moment=local_text(shop.stamp, shop.zone))  # fmt: skip
    yield f"<p>{escape(made)}</p>"
    words = shop.taxonomy("stored_data")
    for table, rows in found.items():
        heading = _(HEADINGS[table]) if table in HEADINGS else words.label(table)
        yield f"<h2>{escape(heading)}</h2><table>"
        # A column in which nothing ever stands tells nothing.
        names = [name for name in rows[0] if any(row[name] not in {None, ""} for row in rows)]
        yield "<tr>" + "".join(f"<th>{escape(words.label(name))}</th>" for name in names) + "</tr>"
        for row in rows:
            yield "<tr>" + "".join(f"<td>{_cell(row[name])}</td>" for name in names) + "</tr>"
        yield "</table>"
    if files:
        yield f"<h2>{escape(_('Files that belong to you'))}</h2><ul>"
        yield from (f"<li>{escape(name)}</li>" for name in files)
        yield "</ul>"
    yield "</body></html>"


def _cell(value: object) -> str:
    return "" if value is None else escape(str(value)).replace("\n", "<br>")
