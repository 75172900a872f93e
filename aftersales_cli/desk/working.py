"""Minutes spent on a case."""

from datetime import datetime

from aftersales_cli.database.case_links import insert_case_work
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case
from aftersales_cli.records.cases import Case
from aftersales_cli.shop import Shop


def record_minutes(shop: Shop, number: int, minutes: int | None, *, at: str) -> None:
    """Note minutes the acting employee spent on a step that has an event of its own; None or 0 notes nothing.

    To be used inside ``writing``.
    """
    if minutes:
        insert_case_work(shop.database, number, agent_id=shop.agent.id, minutes=minutes, at=at)


def work_on_case(shop: Shop, number: int, minutes: int, *, at: datetime | None = None) -> Case:
    """Note minutes of work that led to nothing one could write down. Raises NotFoundError, WrongUsageError."""
    with changing(shop, "cases.note", number):
        case = require_case(shop, number)
        moment = check_case_moment(shop, case, at)
        record_event(shop, number, "worked", at=moment, field="minutes", after=str(minutes))
        record_minutes(shop, number, minutes, at=moment)
        return case
