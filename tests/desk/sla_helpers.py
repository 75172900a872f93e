"""What tests of clocks share: messages and states written down as the desk's other verbs do."""

from datetime import datetime
from pathlib import Path

from aftersales_cli.clock import to_text
from aftersales_cli.database.cases import change_case, get_case, insert_case_message
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.steps import record_event
from aftersales_cli.resources import data_dir
from aftersales_cli.shop import Shop


def set_status(shop: Shop, number: int, status: str, *, at: datetime) -> None:
    """Bring a case into a state, with its event."""
    with changing(shop, "cases.note", number):
        case = get_case(shop.database, number)
        assert case is not None
        closed = {"closed_at": to_text(at)} if status in {"merged", "cancelled"} else {}
        change_case(shop.database, number, expected=case.status, changes={"status": status, **closed})
        record_event(
            shop, number, "changed", at=to_text(at), field="status", before=case.status, after=status
        )


def add_message(shop: Shop, number: int, direction: str, *, at: datetime, author: str = "") -> None:
    """Add a message of the chat."""
    with changing(shop, "cases.note", number):
        insert_case_message(
            shop.database,
            number,
            direction=direction,
            author_type=author or ("customer" if direction == "in" else "agent"),
            author="",
            channel="platform_chat",
            sent_at=to_text(at),
            body="…",
        )


def write_settings(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """Give the shop its own copy of a file of settings, with some texts replaced."""
    path = folder / "templates" / "settings" / name
    source = path if path.exists() else data_dir("templates") / "settings" / name
    text = source.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
