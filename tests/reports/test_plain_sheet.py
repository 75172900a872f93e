"""Plain sheets keep text as text, and filling in changes nothing else."""

from pathlib import Path

from openpyxl import load_workbook

from aftersales_cli.reports.plain_sheet import fill_cells, write_plain_sheet


def test_long_numbers_and_formulas_stay_the_texts_they_are(tmp_path: Path) -> None:
    path = tmp_path / "plain.xlsx"
    write_plain_sheet(path, "表", [["号码", "话"], ["2874365591764303609", "=1+1"], ["", "好"]])
    sheet = load_workbook(path)["表"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["号码", "话"],
        ["2874365591764303609", "=1+1"],
        [None, "好"],
    ]
    assert sheet["B2"].data_type == "s"


def test_filling_in_changes_the_named_cells_only(tmp_path: Path) -> None:
    path = tmp_path / "plain.xlsx"
    write_plain_sheet(path, "表", [["a", "b"], ["c", ""]])
    fill_cells(path, {"B2": 5, "C2": "再打"})
    sheet = load_workbook(path).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["a", "b", None], ["c", 5, "再打"]]
