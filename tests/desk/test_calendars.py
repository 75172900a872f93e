"""The shop's calendars: public holidays day by day, the shop's own days over them, and what is not known yet."""

import subprocess
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from aftersales_cli.clock import local_text, parse_period
from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.database.sla import list_case_clocks
from aftersales_cli.desk.calendar_file import import_calendar
from aftersales_cli.desk.calendar_view import view_calendar
from aftersales_cli.desk.calendars import open_calendars
from aftersales_cli.desk.opening import open_case
from aftersales_cli.errors import FileError, NotFoundError, RefusedError, UnknownFileError, WrongUsageError
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent
from aftersales_cli.worktime import WALL, working_days, write_hours
from tests.desk.sla_helpers import write_settings

Local = Callable[[str], datetime]

CLOSED_WEEKDAYS = {
    2024: "01-01 02-12 02-13 02-14 02-15 02-16 04-04 04-05 05-01 05-02 05-03 06-10 09-16 09-17 10-01 10-02 10-03 "
    "10-04 10-07",
    2025: "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 "
    "10-08",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 "
    "10-06 10-07",
}
"""The notices of the State Council (国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号): days off on weekdays."""

WORKED_WEEKENDS = {
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
"""And the weekends that are worked for them."""


def days(year: int, text: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{word}") for word in text.split()}


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_china_agrees_with_the_official_notices_day_by_day(shop: Shop, year: int, count: int) -> None:
    calendar = open_calendars(shop, first_year=2024).get("business")
    off, worked = days(year, CLOSED_WEEKDAYS[year]), days(year, WORKED_WEEKENDS[year])
    day = date(year, 1, 1)
    while day.year == year:
        expected = day in worked or (day.weekday() < 5 and day not in off)
        assert calendar.is_open_on(day) == expected, day
        day += timedelta(days=1)
    assert len(working_days(calendar, year)) == count


def test_rule_9_only_years_with_an_official_notice_are_confirmed(shop: Shop) -> None:
    calendars = open_calendars(shop, first_year=2024)
    assert calendars.unconfirmed("business", range(2024, 2028)) == [2027]
    assert calendars.unconfirmed("wall", [2027]) == []
    (warning,) = view_calendar(shop, parse_period("2027")).warnings
    assert "2027" in warning
    assert "--confirms 2027" in warning
    assert view_calendar(shop, parse_period("2026")).warnings == []


def test_a_year_the_shop_has_entered_itself_is_confirmed(shop: Shop, tmp_path: Path) -> None:
    notice = write_csv(tmp_path, "date,open|closed,hours,note", "2027-02-20,open,,Spring Festival make-up")
    import_calendar(shop, notice)
    assert open_calendars(shop).unconfirmed("business", [2027]) == [2027]
    assert import_calendar(shop, notice, confirms=(2027,)).confirmed == [2027]
    assert open_calendars(shop).unconfirmed("business", [2027]) == []


def write_csv(folder: Path, *lines: str) -> Path:
    path = folder / "days.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_shops_own_days_win_over_holidays_and_hours(shop: Shop, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path,
        "date,open|closed,hours,note",
        "2026-10-01,open,10:00-16:00,we sell on",
        "2026-11-11,open,09:00-12:00 13:00-23:00,双11",
        "2026-11-28,open,,Saturday sale",
        "2026/12/24,closed,,party",
    )
    result = import_calendar(shop, path)
    assert (result.changed, result.unchanged, result.rejected) == (4, 0, [])
    calendar = open_calendars(shop).get("business")
    hours = [
        write_hours(calendar.hours_of(date.fromisoformat(day)))
        for day in ("2026-10-01", "2026-11-11", "2026-11-28", "2026-12-24")
    ]
    assert hours == ["10:00-16:00", "09:00-12:00 13:00-23:00", "09:00-18:00", ""]
    again = import_calendar(shop, path)
    assert (again.changed, again.unchanged) == (0, 4)


def test_a_workbook_with_chinese_headings_is_read(shop: Shop, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["日期", "营业/休息", "时间", "备注"])
    sheet.append([datetime(2026, 2, 12), "休息", None, "提前放假"])
    sheet.append(["2026年2月13日", "营业", "10：00–15：00", ""])
    book.save(tmp_path / "春节.xlsx")
    result = import_calendar(shop, tmp_path / "春节.xlsx")
    assert (result.changed, result.rejected) == (2, [])
    view = view_calendar(shop, parse_period("2026-02"))
    assert [(day.is_open, day.hours, day.special, day.note) for day in view.days[11:13]] == [
        (False, "", "own", "提前放假"), (True, "10:00-15:00", "own", ""),
    ]  # fmt: skip


def test_a_wrong_row_is_reported_and_hides_no_other(shop: Shop, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path,
        "date,open|closed,hours,note",
        "2026-13-01,open,,",
        "2026-12-01,maybe,,",
        "2026-12-02,open,9 to 5,",
        "2026-12-03,closed,09:00-10:00,",
        "2026-12-04,closed,,ok",
        "2026-12-04,open,,but",
        "2026-12-04,closed,,ok",
    )
    result = import_calendar(shop, path)
    assert (result.changed, result.unchanged, [entry.row for entry in result.rejected]) == (
        1,
        1,
        [2, 3, 4, 5, 7],
    )
    assert "Row 6 says something else" in result.rejected[-1].reason


def test_another_file_is_told_what_it_lacks(shop: Shop, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "订单号,金额", "1,2")
    with pytest.raises(UnknownFileError, match=r"open\|closed"):
        import_calendar(shop, path)


def test_rule_3_days_that_close_the_shop_for_60_days_are_refused_whole(shop: Shop, tmp_path: Path) -> None:
    first = date(2027, 6, 1)
    lines = [f"{first + timedelta(days=n)},closed,,renovation" for n in range(70)]
    path = write_csv(tmp_path, "date,open|closed,hours,note", *lines)
    with pytest.raises(WrongUsageError, match="closed for more than 60 days"):
        import_calendar(shop, path)
    assert fetch_value(shop.database, "SELECT count(*) FROM calendar_days") == 0


def test_open_cases_are_due_anew_when_a_day_closes(shop: Shop, tmp_path: Path, local: Local) -> None:
    case = open_case(shop, say="?", channel="email", at=local("2026-11-20 17:00"))
    path = write_csv(tmp_path, "date,open|closed,hours,note", "2026-11-23,closed,,stock-taking")
    assert import_calendar(shop, path).clocks == 2
    due = {
        clock.metric: local_text(clock.due_at, shop.zone)
        for clock in list_case_clocks(shop.database, case.number)
    }
    assert due == {"first_reply": "2026-11-24 16:00", "resolution": "2026-11-24 18:00"}


def test_a_dry_run_enters_nothing(shop_folder: Path, tmp_path: Path) -> None:
    shop = open_shop(shop_folder, dry_run=True)
    path = write_csv(tmp_path, "date,open|closed,hours,note", "2026-11-23,closed,,")
    assert import_calendar(shop, path).changed == 1
    assert fetch_rows(shop.database, "SELECT * FROM calendar_days") == []


def test_an_agent_may_not_change_the_calendar(shop: Shop, tmp_path: Path) -> None:
    add_agent(shop, "lan", name="小兰")
    path = write_csv(tmp_path, "date,open|closed,hours,note", "2026-11-23,closed,,")
    agents = open_shop(shop.folder, agent="lan")
    with pytest.raises(RefusedError):
        import_calendar(agents, path)


def test_a_shop_abroad_has_its_own_holidays(shop: Shop) -> None:
    write_settings(
        shop.folder,
        "calendar.toml",
        ('country = ""', 'country = "DE"'),
        ('timezone = ""', 'timezone = "Europe/Berlin"'),
    )
    calendar = open_calendars(shop).get("business")
    assert not calendar.is_open_on(date(2026, 12, 25))
    assert calendar.is_open_on(date(2026, 10, 2))
    assert not calendar.is_open_on(date(2026, 10, 10))
    assert calendar.zone.key == "Europe/Berlin"


def test_a_country_without_data_has_no_holidays_and_is_not_confirmed(shop: Shop) -> None:
    write_settings(shop.folder, "calendar.toml", ('country = ""', 'country = "ZZ"'))
    calendars = open_calendars(shop)
    assert calendars.get("business").is_open_on(date(2026, 10, 1))
    assert calendars.unconfirmed("business", [2026]) == [2026]


def test_a_calendar_can_do_without_public_holidays(shop: Shop) -> None:
    write_settings(shop.folder, "calendar.toml", ('country = ""', 'country = "none"'))
    calendars = open_calendars(shop)
    assert calendars.get("business").is_open_on(date(2026, 10, 1))
    assert calendars.unconfirmed("business", [2027]) == []


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (('monday = "09:00-18:00"', 'monday = "9 to 5"'), "business.hours.monday"),
        (('monday = "09:00-18:00"', "monday = 9"), "business.hours.monday"),
        (('monday = "09:00-18:00"', 'mondey = "09:00-18:00"'), "business.hours"),
        (('timezone = ""', 'timezone = "Asia/Shanghay"'), "business.timezone"),
        (('country = ""', 'country = "China"'), "business.country"),
        (('makeup = ""', 'make_up = ""'), "business.make_up"),
        (("[business]", "[wall]"), "wall"),
    ],
)
def test_a_broken_calendar_file_is_named_with_its_key(shop: Shop, change: tuple[str, str], key: str) -> None:
    write_settings(shop.folder, "calendar.toml", change)
    with pytest.raises((WrongUsageError, FileError), match=r"calendar\.toml") as caught:
        open_calendars(shop)
    assert f"“{key}”" in caught.value.message
    assert caught.value.remedy


def test_an_unknown_calendar_lists_those_there_are(shop: Shop) -> None:
    calendars = open_calendars(shop)
    with pytest.raises(NotFoundError) as caught:
        calendars.get("night")
    assert caught.value.remedy == "Calendars: business, wall."
    assert calendars.get("wall") is WALL


def test_the_package_is_imported_only_for_a_year_that_is_new(
    shop: Shop, run_cli: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    script = tmp_path / "look.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom aftersales_cli.shop import open_shop\n"
        "from aftersales_cli.desk.opening import open_case\n"
        f"shop = open_shop(Path({str(shop.folder)!r}))\nopen_case(shop, say='?')\n"
        "print('holidays' in sys.modules)\n",
        encoding="utf-8",
    )
    answers = [run_cli("--version").returncode, *(_run(script) for _turn in range(2))]
    assert answers == [0, "True", "False"]


def _run(script: Path) -> str:
    import os
    import sys

    from tests.conftest import ROOT

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


@pytest.mark.parametrize(
    "words", [("--version",), ("--help",), ("sla", "--help"), ("calendar", "show", "--help")]
)
def test_help_and_version_do_not_import_the_holidays(words: tuple[str, ...], tmp_path: Path) -> None:
    script = tmp_path / "help.py"
    script.write_text(
        f"import sys\nsys.argv = ['aftersales', *{words!r}]\nfrom aftersales_cli.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\nprint('holidays' in sys.modules)\n",
        encoding="utf-8",
    )
    assert _run(script).splitlines()[-1] == "False"
