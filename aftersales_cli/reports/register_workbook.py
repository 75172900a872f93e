"""Write the case register: a workbook in which staff work a day without a command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from aftersales_cli.clock import local_text
from aftersales_cli.database.agents import list_agents
from aftersales_cli.database.handoffs import list_handoffs
from aftersales_cli.database.register import list_register_cases
from aftersales_cli.database.storefronts import list_storefronts
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.desk.handoff_choice import department_of
from aftersales_cli.desk.register_form import (
    CANCELLED,
    CASES,
    CONFIRM,
    ESCALATE,
    HANDOFFS,
    OF_EVERY_CASE,
    OF_NEW,
    WORDS,
    case_seed,
    handoff_seed,
    list_workers,
    name_agent,
    new_row_token,
    status_choices,
    step_choices,
)
from aftersales_cli.language import current_language, pick
from aftersales_cli.reading.forms import Token, form_id, make_token
from aftersales_cli.records.desk_rows import HandoffRow
from aftersales_cli.records.register import RegisterCase
from aftersales_cli.records.shops import Agent
from aftersales_cli.reports.form_book import cut_said, form_file, make_form_book, meaning_of
from aftersales_cli.reports.form_guide import choose_form_path
from aftersales_cli.reports.form_sheet import FormSheet, SheetRow
from aftersales_cli.reports.workbook import require_workbook_name, save
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import require_agent


@dataclass(frozen=True)
class ExportedRegister:
    """Where the register stands."""

    path: Path
    cases: int
    handoffs: int
    register_id: str
    written: bool
    """False if a file with this very register was there already."""


@dataclass(frozen=True)
class _Content:
    """What a register is made of."""

    owners: Sequence[Agent | None]
    """Whose sheets there are; None stands for the cases nobody has."""
    cases: Sequence[RegisterCase]
    handoffs: Sequence[HandoffRow]
    register_id: str
    path: Path
    """Where it will stand."""


def export_register(shop: Shop, agent: str = "", out: Path | None = None) -> ExportedRegister:
    """Write the open cases into the outbox, or to ``out`` (a file or a folder): a sheet for each employee.

    ``agent`` wants only that employee's sheet and the questions to their department. A file that is there is
    never overwritten, since staff may have filled it in. Raises NotFoundError for an unknown employee, FileError,
    WrongUsageError for a name that is not that of a workbook.
    """
    person = require_agent(shop, agent) if agent else None
    wanted = _wanted_path(shop, person, out)
    require_workbook_name(wanted)
    with shop.writing("cases.register") as writing:
        every = list_register_cases(shop.database)
        owners = [person] if person else _find_owners(shop, every)
        ids = {owner.id if owner else None for owner in owners}
        cases = [case for case in every if case.assignee_id in ids]
        handoffs = [
            row for row in list_handoffs(shop.database, only_open=True) if _concerns(shop, row, person)
        ]
        writing.count(cases=len(cases), handoffs=len(handoffs))
    tokens = [_case_token(shop, case) for case in cases] + [_handoff_token(shop, row) for row in handoffs]
    kind = f"register-{person.code}" if person else "register"
    # Rows for new cases have no code that lasts, so whose sheets there are tells, too, what is in the file.
    sheets = "\n".join([current_language(), *(owner.code if owner else "" for owner in owners)])
    identity = form_id(kind, shop.today.isoformat(), tokens, sheets)
    path, standing = choose_form_path(wanted, identity)
    if not standing:
        content = _Content(owners, cases, handoffs, identity, path)
        path = save(shop, _make_book(shop, content), path)
    return ExportedRegister(
        path, len(cases), len(handoffs), identity, written=not standing and not shop.dry_run
    )


def _wanted_path(shop: Shop, person: Agent | None, out: Path | None) -> Path:
    words = WORDS["file_of_one" if person else "file"]
    name = pick(words).format(day=shop.today.isoformat(), name=person.code if person else "")
    return form_file(shop, name, out)


def _find_owners(shop: Shop, cases: Sequence[RegisterCase]) -> list[Agent | None]:
    """Return who has cases, even if gone by now, then who may work on new ones."""
    busy = {case.assignee_id for case in cases}
    owners = [agent for agent in list_agents(shop.database) if agent.id in busy]
    return [*owners, *(agent for agent in list_workers(shop) if agent.id not in busy), None]


def _concerns(shop: Shop, row: HandoffRow, person: Agent | None) -> bool:
    return person is None or row.assignee == person.name or row.department == department_of(shop, person)


def _case_token(shop: Shop, case: RegisterCase) -> Token:
    return make_token(case.number, case.revision, case_seed(shop))


def _handoff_token(shop: Shop, row: HandoffRow) -> Token:
    return make_token(row.id, row.revision, handoff_seed(shop))


def _make_book(shop: Shop, content: _Content) -> Workbook:
    choices = _case_choices(shop)
    sheets = [_case_sheet(shop, content, owner, choices) for owner in content.owners]
    if content.handoffs:
        sheets.append(_handoff_sheet(shop, content.handoffs, choices["assignee"]))
    return make_form_book(
        shop,
        WORDS,
        sheets,
        title=pick(WORDS["title"]).format(day=shop.today.isoformat()),
        identity=content.register_id,
        terms={"statuses": _explain_statuses(shop), "steps": _explain_steps(shop)},
    )


def _case_choices(shop: Shop) -> dict[str, list[str]]:
    workers = list_workers(shop)
    return {
        "kind": [term.name for term in shop.taxonomy("kinds")],
        "reason": [term.name for term in shop.taxonomy("reasons")],
        "channel": [term.name for term in shop.taxonomy("channels") if term.code != "platform_file"],
        "status": [term.name for term in status_choices(shop.folder)],
        "cause": [term.name for term in shop.taxonomy("causes")],
        "step": [term.name for term in step_choices(shop.folder)],
        "assignee": [name_agent(agent, workers) for agent in workers],
        "storefront": [entry.name or entry.code for entry in list_storefronts(shop.database)],
    }


def _case_sheet(
    shop: Shop, content: _Content, owner: Agent | None, choices: dict[str, list[str]]
) -> FormSheet:
    name = owner.name if owner else pick(WORDS["nobody"])
    mine = [case for case in content.cases if case.assignee_id == (owner.id if owner else None)]
    code = owner.code if owner else ""
    # What a row for a new case becomes is remembered by its code, so no two sheets ever share one.
    sheet = f"{content.register_id} {shop.stamp} {content.path} {code}"
    fresh = [new_row_token(shop, sheet, position) for position in range(WORDS["new_rows"])]
    return FormSheet(
        CASES,
        tab=name,
        title=_title(shop, CASES.words["sheet_title"], len(mine), name),
        rows=[
            *(_case_row(shop, case, code) for case in mine),
            *(
                SheetRow({"case": pick(WORDS["new_row"]), "staff": code, "token": str(token)}, fill=OF_NEW)
                for token in fresh
            ),
        ],
        choices=choices,
        prompt_values={"day": shop.today.isoformat()},
    )


def _title(shop: Shop, words: dict[str, str], count: int, name: str = "") -> str:
    return pick(words).format(day=shop.today.isoformat(), count=count, name=name)


def _case_row(shop: Shop, case: RegisterCase, owner: str) -> SheetRow:
    return SheetRow(
        {
            "case": case.number,
            "customer": mask_word(case.customer) or "–",
            "kind_now": shop.taxonomy("kinds").label(case.kind),
            "status_now": shop.taxonomy("case_statuses").label(case.status),
            "severity": shop.taxonomy("severities").label(case.severity),
            "storefront": case.storefront,
            "order": case.order_number,
            "product": case.product,
            "said": cut_said(case.said),
            "opened": local_text(case.opened_at, shop.zone),
            "due": local_text(case.due_at, shop.zone) if case.due_at else None,
            "staff": owner,
            "token": str(_case_token(shop, case)),
        },
        fill=OF_EVERY_CASE,
    )


def _handoff_sheet(shop: Shop, rows: Sequence[HandoffRow], workers: list[str]) -> FormSheet:
    departments = shop.taxonomy("departments")
    return FormSheet(
        HANDOFFS,
        tab=pick(HANDOFFS.words["sheet"]),
        title=_title(shop, HANDOFFS.words["sheet_title"], len(rows)),
        rows=[
            SheetRow(
                {
                    "case": row.case_number,
                    "department": "\n".join(filter(None, [departments.label(row.department), row.assignee])),
                    "question": row.question,
                    "about": row.case_title,
                    "asked_by": row.asked_by,
                    "asked": local_text(row.asked_at, shop.zone),
                    "due": local_text(row.due_at, shop.zone),
                    "token": str(_handoff_token(shop, row)),
                }
            )
            for row in rows
        ],
        choices={"answered_by": workers},
        prompt_values={"day": shop.today.isoformat()},
    )


def _explain_statuses(shop: Shop) -> list[tuple[str, str]]:
    meanings = WORDS["statuses"]
    return [
        (term.name, pick(meanings[term.code.split(":")[0]]) if _is_first_of_kind(term.code, shop) else "")
        for term in status_choices(shop.folder)
    ]


def _is_first_of_kind(code: str, shop: Shop) -> bool:
    """Tell whether a meaning stands here: that of the cancelled ones only once."""
    if not code.startswith(CANCELLED):
        return True
    return code == next(entry for entry in status_choices(shop.folder).terms if entry.startswith(CANCELLED))


def _explain_steps(shop: Shop) -> list[tuple[str, str]]:
    names = {term.code: term.name for term in step_choices(shop.folder)}
    handoffs = [name for code, name in names.items() if code not in {ESCALATE, CONFIRM}]
    entries = [("\n".join(handoffs), "handoff"), (names[ESCALATE], ESCALATE), (names[CONFIRM], CONFIRM)]
    return [(name, meaning_of(WORDS["steps"][key])) for name, key in entries]
