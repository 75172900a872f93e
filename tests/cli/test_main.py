"""The edge: languages, shared options, exit codes, and errors that never show a traceback."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, RunCli


def test_chinese_and_english_come_from_option_settings_and_locale(
    shop_folder: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    assert "After-sales" not in run_cli("--lang", "zh", "--help").stdout
    assert "售后" in run_cli("--help", "--lang", "zh").stdout
    assert "售后" in run_cli("--help", cwd=tmp_path, env={"LC_ALL": "zh_CN.UTF-8"}).stdout
    assert "after-sales desk" in run_cli("--help", cwd=tmp_path, env={"LC_ALL": "fr_FR.UTF-8"}).stdout
    settings = shop_folder / "aftersales.toml"
    settings.write_text(settings.read_text("utf-8").replace('language = "en"', 'language = "zh"'), "utf-8")
    assert "售后" in run_cli("--help", cwd=shop_folder).stdout
    assert "after-sales desk" in run_cli("--help", "--lang", "en", cwd=shop_folder).stdout


def test_clicks_own_words_are_chinese_too(run_cli: RunCli, shop_folder: Path) -> None:
    result = run_cli("--lang", "zh", "team", "add", "--role", "king", "x", cwd=shop_folder)
    assert result.returncode == 2
    assert "king" in result.stderr
    assert "错误" in result.stderr
    assert "Error" not in result.stderr
    assert "Invalid" not in result.stderr


def test_shared_options_stand_before_the_noun_or_after_the_verb_and_the_latter_wins(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    before = run_cli("--shop", shop_folder, "--json", "team", "list", cwd=tmp_path)
    after = run_cli(
        "--shop", tmp_path / "nowhere", "team", "list", "--shop", shop_folder, "--json", cwd=tmp_path
    )
    assert json.loads(before.stdout) == json.loads(after.stdout)
    assert json.loads(after.stdout)[0]["role"] == "owner"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("frobnicate",), 2),
        (("team", "add"), 2),
        (("orders", "show", "404"), 3),
        (("orders", "import", "no such file.csv"), 8),
        (("--as", "nobody", "team", "list"), 3),
        (("team", "list", "--format", "nonsense"), 2),
        (("kpi", "show", "last summer"), 2),
    ],
)
def test_each_mistake_has_its_exit_code_and_a_sentence(
    words: tuple[str, ...], code: int, run_cli: RunCli, shop_folder: Path
) -> None:
    result = run_cli(*words, cwd=shop_folder)
    assert result.returncode == code
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr + result.stdout
    assert result.stdout == ""


def test_outside_a_shop_the_next_step_is_named(run_cli: RunCli, tmp_path: Path) -> None:
    result = run_cli("status", cwd=tmp_path)
    assert result.returncode == 3
    assert "aftersales init" in result.stderr


def test_a_shop_folder_with_chinese_letters_and_spaces_is_ordinary(run_cli: RunCli, tmp_path: Path) -> None:
    folder = tmp_path / "张三" / "桌面" / "我的 店"
    assert run_cli("init", folder, "--lang", "zh", "--name", "棉花糖").returncode == 0
    assert run_cli("status", cwd=folder / "inbox").returncode == 0
    assert run_cli("init", folder).returncode == 4


def test_files_are_readable_by_their_owner_only(run_cli: RunCli, tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("Windows inherits permissions from the folder")
    old = os.umask(0)
    try:
        run_cli("init", "shop", cwd=tmp_path)
    finally:
        os.umask(old)
    assert (tmp_path / "shop").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "shop" / "aftersales.db").stat().st_mode & 0o777 == 0o600


def test_a_missing_damaged_or_newer_database_is_exit_7(run_cli: RunCli, shop_folder: Path) -> None:
    database = shop_folder / "aftersales.db"
    whole = database.read_bytes()
    database.write_bytes(b"not a database at all" * 100)
    assert run_cli("status", cwd=shop_folder).returncode == 7
    database.unlink()
    assert run_cli("status", cwd=shop_folder).returncode == 7
    assert not database.exists()
    database.write_bytes(whole)
    connection = sqlite3.connect(database)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('aftersales', 'm999_future', '2099')"
    )
    connection.commit()
    connection.close()
    result = run_cli("status", cwd=shop_folder)
    assert result.returncode == 7
    assert "newer version" in result.stderr


def test_a_wrong_setting_is_named_with_file_line_and_key(run_cli: RunCli, shop_folder: Path) -> None:
    settings = shop_folder / "aftersales.toml"
    settings.write_text('[shop]\nlanguage = "en"\n\n[callbacks]\ncapazity = 5\n', "utf-8")
    result = run_cli("status", cwd=shop_folder)
    assert result.returncode == 2
    assert "line 5" in result.stderr
    assert "callbacks.capazity" in result.stderr


def test_a_locked_database_is_exit_6(shop_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aftersales_cli.cli.main import run_command
    from aftersales_cli.database import opening

    monkeypatch.setattr(opening, "BUSY_SECONDS", 0)
    monkeypatch.setitem(opening._PRAGMAS, "busy_timeout", 50)
    other = sqlite3.connect(shop_folder / "aftersales.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert run_command(["--shop", str(shop_folder), "team", "add", "lan"]) == 6
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_viewer_is_refused_with_exit_4_and_that_is_audited(run_cli: RunCli, shop_folder: Path) -> None:
    run_cli("team", "add", "guest", "--role", "viewer", cwd=shop_folder)
    result = run_cli("team", "add", "lan", "--as", "guest", cwd=shop_folder)
    assert result.returncode == 4
    connection = sqlite3.connect(shop_folder / "aftersales.db")
    rows = connection.execute(
        "SELECT actor, operation, subjects FROM audit_log ORDER BY id DESC LIMIT 1"
    ).fetchall()
    connection.close()
    assert rows == [("guest", "refusal", "command:aftersales team add operation:team.add")]


def test_a_dry_run_changes_nothing(run_cli: RunCli, shop_folder: Path) -> None:
    result = run_cli("team", "add", "lan", "--dry-run", cwd=shop_folder)
    assert result.returncode == 0
    assert "lan" not in run_cli("team", "list", cwd=shop_folder).stdout


def test_a_reader_that_goes_away_is_no_error(shop_folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "aftersales_cli", "--shop", str(shop_folder), "kpi", "list"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0


def test_a_console_without_chinese_letters_gets_question_marks(shop_folder: Path) -> None:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}
    command = [
        sys.executable,
        "-m",
        "aftersales_cli",
        "--lang",
        "zh",
        "--shop",
        str(shop_folder),
        "team",
        "list",
    ]
    done = subprocess.run(command, env=surroundings, capture_output=True, check=True)
    assert b"?" in done.stdout


def test_csv_output_can_start_no_formula(run_cli: RunCli, shop_folder: Path) -> None:
    run_cli("team", "add", "lan", "--name", "=1+1", cwd=shop_folder)
    output = run_cli("team", "list", "--format", "csv", cwd=shop_folder).stdout
    assert "'=1+1" in output
    assert ",=1+1" not in output


def test_help_and_version_import_nothing_heavy() -> None:
    program = (
        "import sys; from aftersales_cli.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('sqlite_utils', 'openpyxl', 'holidays', 'babel', 'tabulate', 'python_calamine')"
        " if name in sys.modules], file=sys.stderr)"
    )
    for words in (["--help"], ["--version"], ["cases", "--help"], ["orders", "import", "--help"]):
        done = subprocess.run(
            [sys.executable, "-c", program, *words],
            capture_output=True,
            encoding="utf-8",
            check=True,
            cwd=ROOT,
        )
        assert done.stderr.strip() == "[]", words


def test_a_bug_is_one_line_with_a_log_that_holds_no_values(
    shop_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from aftersales_cli.cli import main as edge

    def break_down() -> None:
        raise KeyError("139" + "0000" + "0001")

    monkeypatch.setattr(edge, "build_root", break_down)
    assert edge.run_command(["--shop", str(shop_folder), "status"]) == 1
    assert "KeyError" in capsys.readouterr().err
    log = (shop_folder / "logs" / "errors.log").read_text("utf-8")
    assert "break_down" in log
    assert "13900000001" not in log
