"""Mappings of files of requests: kept formats come first, the guesses fill up, and no mapping makes second cases."""

import csv
import json
from pathlib import Path

import pytest

from aftersales_cli.database.cases import get_case, list_case_events
from aftersales_cli.database.fetch import fetch_value
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.header_words import guess_columns
from aftersales_cli.intake.inbox import run_inbox
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import save_format
from aftersales_cli.intake.request_files import choose_request_format
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.shop import Shop
from tests.conftest import RunCli

GOOGLE = ["Timestamp", "Order number", "Phone", "What is this about?", "Tell us what happened", "Colour"]
ROWS = [
    ["11/20/2026 10:00:00", "", "13800138000", "return", "The lamp flickers", "red"],
    ["11/21/2026 10:00:00", "", "13900139000", "exchange", "The cup is broken", "blue"],
]


def write_csv(path: Path, rows: list[list[str]], header: list[str] = GOOGLE) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def take(shop: Shop, path: Path, *mappings: str) -> ImportResult:
    chosen = choose_request_format(shop, path, mappings)
    return import_file(shop, path, only_format=chosen.format, mapping=chosen.mapping)


@pytest.mark.parametrize("mappings", [(), ("Timestamp=asked_at", "Tell us what happened=said")])
def test_a_kept_format_comes_before_the_surveys(
    shop: Shop, tmp_path: Path, mappings: tuple[str, ...]
) -> None:
    chosen = choose_request_format(shop, write_csv(tmp_path / "form.csv", ROWS[:1]), mappings, name="gf")
    assert chosen.document
    save_format(shop, chosen.document, "gf")
    write_csv(shop.folder / "inbox" / "newer.csv", ROWS)
    outcome = run_inbox(shop)[0]
    assert isinstance(outcome.result, ImportResult)
    assert (outcome.result.format, outcome.result.opened) == ("gf", (1, 2))


def test_requests_are_never_filed_as_answers_of_a_survey(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(UnknownFileError, match=r"form\.csv holds requests") as error:
        import_file(shop, write_csv(tmp_path / "form.csv", ROWS))
    assert "cases import FILE --save-format NAME" in error.value.remedy
    write_csv(shop.folder / "inbox" / "newer.csv", ROWS)
    assert run_inbox(shop)[0].kind == "rejected"
    reason = (shop.folder / "inbox/rejected/newer.csv.reason.txt").read_text("utf-8")
    assert "--save-format" in reason
    assert fetch_value(shop.database, "SELECT count(*) FROM survey_answers") == 0


def test_another_mapping_of_the_same_rows_makes_no_second_cases(shop: Shop, tmp_path: Path) -> None:
    assert take(shop, write_csv(tmp_path / "one.csv", ROWS)).opened == (1, 2)
    more = [["11/22/2026 08:00:00", "", "13700137000", "return", "The box was empty", "green"]]
    newer = write_csv(tmp_path / "two.csv", [*ROWS, *more])
    assert take(shop, newer, "Colour=reason").opened == (3,)


def test_the_same_words_of_two_people_are_two_requests(shop: Shop, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "one.csv", [["Kim", "late"], ["Lee", "late"]], ["Your name", "Tell us what happened"]
    )
    assert take(shop, path).opened == (1, 2)


def test_a_mapping_adds_to_the_guesses_and_overrides_them(shop: Shop, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "form.csv", ROWS)
    chosen = choose_request_format(shop, path, ["Colour=said", "What is this about?=reason"])
    assert chosen.document
    assert chosen.document["request"] == {
        "said": ["Colour"], "reason": ["What is this about?"], "asked_at": ["Timestamp"],
        "order_number": ["Order number"], "phone": ["Phone"],
    }  # fmt: skip


def test_columns_nobody_took_are_told_and_stand_in_a_note(shop: Shop, tmp_path: Path) -> None:
    header = [*GOOGLE, "IP", "Empty"]
    path = write_csv(tmp_path / "form.csv", [[*ROWS[0], "198.51.100.7", ""]], header)
    chosen = choose_request_format(shop, path, ())
    assert ("What is this about?", "request.kind") in chosen.columns
    assert chosen.left == ("Colour", "Empty")
    take(shop, path)
    case = get_case(shop.database, 1)
    assert case
    assert (case.kind, case.title) == ("return", "The lamp flickers")
    assert [event.note for event in list_case_events(shop.database, 1) if event.note] == ["Colour: red"]
    assert "198.51.100" not in "\n".join(shop.database.conn.iterdump())


def test_what_it_is_about_is_the_kind() -> None:
    for column in ("诉求类型", "2、诉求类型", "What is this about?"):
        assert guess_columns("request", [column, "What happened"])[0] == (column, "request.kind")


def test_the_command_tells_the_columns_nobody_took(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "form.csv", ROWS)
    done = run_cli("cases", "import", path, "--json", cwd=shop_folder)
    assert done.returncode == 0, done.stderr
    assert "Columns kept as a note only: Colour" in done.stderr
    assert json.loads(done.stdout)[0]["opened"] == [1, 2]
