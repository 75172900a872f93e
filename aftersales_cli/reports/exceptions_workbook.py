"""Write the workbook of what returns need a person for: decisions, goods received, what is overdue or does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from aftersales_cli.clock import local_day, local_text
from aftersales_cli.database.agents import find_agent
from aftersales_cli.database.return_workbook import QueueRow, ReceiptRow, list_queue_rows, list_receipt_rows
from aftersales_cli.database.returns import get_return_line
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.desk.refunds.due import list_due_refunds
from aftersales_cli.desk.register_form import list_workers, name_agent
from aftersales_cli.desk.returns.deciding import require_request
from aftersales_cli.desk.returns.exception_decisions import review_state
from aftersales_cli.desk.returns.exception_form import (
    PROBLEM_CODES,
    PROBLEMS,
    RECEIPTS,
    REVIEW,
    WORDS,
    action_choices,
    actions_of,
    exceptions_path,
    line_state,
    problem_identity,
    row_token,
    verdict_choices,
)
from aftersales_cli.desk.returns.exception_problems import find_problem
from aftersales_cli.desk.returns.exceptions import list_exceptions
from aftersales_cli.desk.returns.judging import Explainer
from aftersales_cli.desk.returns.policy_explaining import reason_lines
from aftersales_cli.language import _, current_language, pick
from aftersales_cli.money import format_money
from aftersales_cli.reading.forms import Form, Token, form_id
from aftersales_cli.records.payouts import DueRefund
from aftersales_cli.reports.form_book import cut_said, form_file, make_form_book, meaning_of
from aftersales_cli.reports.form_guide import choose_form_path
from aftersales_cli.reports.form_sheet import FormSheet, SheetRow
from aftersales_cli.reports.workbook import require_workbook_name, save
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class ExportedExceptions:
    """Where the workbook stands."""

    path: Path | None
    """None if nothing needs a person."""
    reviews: int
    receipts: int
    problems: int
    written: bool
    """False if there was nothing, or a file with the very same rows was there already."""


@dataclass(frozen=True)
class _Row:
    token: Token
    row: SheetRow


def export_exceptions(shop: Shop, out: Path | None = None) -> ExportedExceptions:
    """Write what returns need a person for into the outbox, or to ``out`` (a file or a folder).

    With nothing to do nothing is written. A file that is there is never overwritten, since staff may have filled
    it in. Raises FileError, WrongUsageError for a name that is not that of a workbook.
    """
    wanted = form_file(shop, exceptions_path(shop).name, out)
    require_workbook_name(wanted)
    with shop.writing("returns.exceptions") as writing:
        explainer = Explainer(shop)
        reviews = [_review_row(explainer, row) for row in list_queue_rows(shop.database)]
        receipts = [_receipt_row(shop, row) for row in list_receipt_rows(shop.database)]
        problems = _problem_rows(shop)
        counts = {"reviews": len(reviews), "receipts": len(receipts), "problems": len(problems)}
        writing.count(**counts)
    tokens = [entry.token for entry in (*reviews, *receipts, *problems)]
    if not tokens:
        return ExportedExceptions(None, **counts, written=False)
    identity = form_id("returns", shop.today.isoformat(), tokens, current_language())
    path, standing = choose_form_path(wanted, identity)
    if not standing:
        sheets = _sheets(shop, reviews, receipts, problems)
        path = save(shop, _make_book(shop, sheets, identity), path)
    return ExportedExceptions(path, **counts, written=not standing and not shop.dry_run)


def _make_book(shop: Shop, sheets: Sequence[FormSheet], identity: str) -> Workbook:
    title = pick(WORDS["title"]).format(day=shop.today.isoformat())
    terms = [(action_choices().label(code), meaning_of(entry)) for code, entry in WORDS["actions"].items()]
    return make_form_book(shop, WORDS, sheets, title=title, identity=identity, terms={"actions": terms})


def _sheets(
    shop: Shop, reviews: Sequence[_Row], receipts: Sequence[_Row], problems: Sequence[_Row]
) -> list[FormSheet]:
    workers = list_workers(shop)
    by = [name_agent(agent, workers) for agent in workers]
    choices = {
        REVIEW: {
            "verdict": [term.name for term in verdict_choices(shop.folder)],
            "reason": [term.name for term in shop.taxonomy("review_reasons")],
        },
        RECEIPTS: {"disposition": [term.name for term in shop.taxonomy("dispositions")]},
        PROBLEMS: {"action": [term.name for term in action_choices()]},
    }
    return [
        _sheet(shop, form, rows, {**choices[form], "by": by})
        for form, rows in ((REVIEW, reviews), (RECEIPTS, receipts), (PROBLEMS, problems))
        if rows
    ]


def _sheet(shop: Shop, form: Form, rows: Sequence[_Row], choices: dict[str, list[str]]) -> FormSheet:
    day = shop.today.isoformat()
    return FormSheet(
        form,
        tab=pick(form.words["sheet"]),
        title=pick(form.words["sheet_title"]).format(day=day, count=len(rows)),
        rows=[entry.row for entry in rows],
        choices=choices,
        prompt_values={"day": day},
    )


def _row(token: Token, values: dict[str, object]) -> _Row:
    return _Row(token, SheetRow({**values, "token": str(token)}))


def _review_row(explainer: Explainer, row: QueueRow) -> _Row:
    shop = explainer.shop
    return _row(
        row_token(shop, REVIEW, row.id, review_state(shop, row.id, row.status)),
        {
            "request": row.id,
            "case": row.case_number,
            "customer": mask_word(row.customer) or "–",
            "product": row.products,
            "kind": shop.taxonomy("kinds").label(row.kind),
            "reason_given": shop.taxonomy("reasons").label(row.reason) if row.reason else "–",
            "said": cut_said(row.said),
            "proposal": _proposal(explainer, row),
            "amount": "–" if row.asked_amount is None else format_money(row.asked_amount, row.currency),
            "age": (shop.today - local_day(row.requested_at, shop.zone)).days,
            "due": local_text(row.decide_by, shop.zone) if row.decide_by else None,
        },
    )


def _proposal(explainer: Explainer, row: QueueRow) -> str:
    """Say what the rules propose and why, and who has approved it already."""
    shop = explainer.shop
    judgement = explainer.explain(require_request(shop, row.id))
    verdict = shop.taxonomy("review_states").label(row.proposal or judgement.verdict)
    rule = judgement.decided.rule.name if judgement.decided is not None else _("no rule")
    lines = [_("{name}: {value}", name=verdict, value=rule), *reason_lines(judgement)]
    if row.flag:
        lines.append(_("returns unusually much ({rule})", rule=row.flag))
    if row.first_reviewer:
        found = find_agent(shop.database, row.first_reviewer)
        name = found.name if found else row.first_reviewer
        lines.append(_("approved by {name}, a second person has to agree", name=name))
    return "\n".join(lines)


def _receipt_row(shop: Shop, row: ReceiptRow) -> _Row:
    line = get_return_line(shop.database, row.id)
    assert line is not None
    left = pick(WORDS["pieces_left"]).format(
        expected=max(0, row.approved - row.received - row.short), waiting=max(0, row.received - row.looked_at)
    )
    return _row(
        row_token(shop, RECEIPTS, row.id, line_state(line)),
        {
            "request": row.request_id,
            "case": row.case_number,
            "product": "\n".join(dict.fromkeys(part for part in (row.product, row.sku) if part)),
            "approved": row.approved,
            "left": left + ("\n" + _("say what becomes of it") if row.undecided else ""),
            "state": shop.taxonomy("parcel_states").label(row.state) if row.state else "–",
            "parcel": row.parcels or "–",
            "due": row.expected_by,
        },
    )


def _problem_rows(shop: Shop) -> list[_Row]:
    unplanned = [row for row in list_due_refunds(shop, only_overdue=True) if row.plan_id is None]
    rows = [_unplanned_row(shop, row) for row in unplanned]
    for entry in list_exceptions(shop):
        found = entry.row
        if found.code not in PROBLEM_CODES:
            continue
        values: dict[str, object] = {
            "request": found.request_id,
            "case": found.case_number,
            "order": found.order_number,
            "product": found.product,
            "what": entry.what,
            "amount": "–" if found.amount is None else format_money(found.amount, found.currency),
            "due": local_text(found.due, shop.zone) if "T" in found.due else found.due or None,
        }
        rows.append(_problem_row(shop, found.code, found.thing, values))
    return rows


def _unplanned_row(shop: Shop, row: DueRefund) -> _Row:
    assert row.request_id is not None
    values: dict[str, object] = {
        "request": row.request_id,
        "case": row.case_number,
        "order": row.order_number,
        "what": _("refund overdue and not even planned"),
        "amount": "–",
        "due": local_text(row.due_at, shop.zone) if row.due_at else None,
    }
    return _problem_row(shop, "unplanned", row.request_id, values)


def _problem_row(shop: Shop, code: str, thing: int, values: dict[str, object]) -> _Row:
    subject = find_problem(shop, code, thing)
    assert subject is not None
    token = row_token(shop, PROBLEMS, problem_identity(code, thing), subject.state)
    return _row(token, {**values, "possible": "\n".join(actions_of(code)) or "–"})
