"""Entries for the computer's own alarm clock: crontab, systemd, launchd, Windows Task Scheduler."""

import plistlib
import shlex
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aftersales_cli.language import _
from aftersales_cli.resources import PACKAGE_FOLDER
from aftersales_cli.runner.job_files import Job
from aftersales_cli.runner.steps import program_arguments, program_environment

KINDS = ("crontab", "systemd", "launchd", "windows")
_PARTLY = 5


@dataclass(frozen=True)
class CronEntry:
    """One file or line to put somewhere."""

    kind: str
    """``crontab``, ``systemd``, ``launchd`` or ``windows``."""
    where: str
    """Where to put it, for people."""
    text: str


def suitable_kinds(platform: str = sys.platform) -> tuple[str, ...]:
    """Return the kinds this computer's system knows."""
    if platform == "win32":
        return ("windows",)
    return ("launchd", "crontab") if platform == "darwin" else ("crontab", "systemd")


def cron_entries(job: Job, shop_folder: Path, timezone: str, kinds: tuple[str, ...]) -> list[CronEntry]:
    """Return the entries that run a job every night, also after the computer was off where that is possible."""
    argv = [*program_arguments(shop_folder), "jobs", "run", job.name]
    makers = {
        "crontab": lambda: [_crontab(job, argv, shop_folder)],
        "systemd": lambda: _systemd(job, argv, shop_folder, timezone),
        "launchd": lambda: [_launchd(job, argv, shop_folder)],
        "windows": lambda: [_windows(job, argv, shop_folder)],
    }
    return [entry for kind in kinds for entry in makers[kind]()]


def _unit_name(job: Job, shop_folder: Path) -> str:
    # Two shops on one computer must not share a unit; folders may have any characters, unit names not.
    mark = sha256(str(shop_folder.resolve()).encode()).hexdigest()[:8]
    stem = job.name if job.name.isascii() else "job"
    return f"aftersales-{stem}-{mark}"


def _crontab(job: Job, argv: list[str], shop_folder: Path) -> CronEntry:
    variables = " ".join(f"{name}={shlex.quote(value)}" for name, value in program_environment().items())
    log = shlex.quote(str(shop_folder.resolve() / "logs" / "cron.log"))
    # cron itself turns an unescaped % into a line break, even inside quotation marks.
    command = f"{variables} {shlex.join(argv)} >> {log} 2>&1".replace("%", r"\%")
    text = f"{job.at.minute} {job.at.hour} * * * {command}\n@reboot {command}\n"
    return CronEntry(
        "crontab", _("Add these lines with “crontab -e” (the time is the computer's own):"), text
    )


def _systemd(job: Job, argv: list[str], shop_folder: Path, timezone: str) -> list[CronEntry]:
    name = _unit_name(job, shop_folder)
    variables = [f"{key}={value}" for key, value in program_environment().items()]
    service = [
        "[Unit]",
        f"Description=aftersales {_unit_text(job.name)} {_unit_text(shop_folder.resolve().name)}",
        "",
        "[Service]",
        "Type=oneshot",
        *(f"Environment={_unit_word(variable)}" for variable in variables),
        "ExecStart=" + " ".join(_unit_word(word, command=True) for word in argv),
        f"SuccessExitStatus={_PARTLY}",
    ]
    timer = [
        "[Unit]",
        f"Description=aftersales {_unit_text(job.name)} {_unit_text(shop_folder.resolve().name)}",
        "",
        "[Timer]",
        f"OnCalendar=*-*-* {job.at:%H:%M}:00 {timezone}",
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    folder = "~/.config/systemd/user"
    then = _("Then: systemctl --user enable --now {name}.timer", name=name)
    return [
        CronEntry(
            "systemd", _("Save as {path}:", path=f"{folder}/{name}.service"), "\n".join(service) + "\n"
        ),
        CronEntry(
            "systemd",
            _("Save as {path}:", path=f"{folder}/{name}.timer") + " " + then,
            "\n".join(timer) + "\n",
        ),
    ]


def _unit_text(text: str) -> str:
    return text.replace("%", "%%").replace("\n", " ")


def _unit_word(word: str, *, command: bool = False) -> str:
    """Quote a word for a unit file: its own escapes, % doubled, and $ doubled on a command line."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return '"' + (escaped.replace("$", "$$") if command else escaped) + '"'


def _launchd(job: Job, argv: list[str], shop_folder: Path) -> CronEntry:
    label = _unit_name(job, shop_folder)
    log = str(shop_folder.resolve() / "logs" / "cron.log")
    document = {
        "Label": label,
        "ProgramArguments": argv,
        "EnvironmentVariables": program_environment(),
        "StartCalendarInterval": {"Hour": job.at.hour, "Minute": job.at.minute},
        "RunAtLoad": True,
        "StandardOutPath": log,
        "StandardErrorPath": log,
    }
    where = _("Save as {path}, then: launchctl load {path}", path=f"~/Library/LaunchAgents/{label}.plist")
    return CronEntry("launchd", where, plistlib.dumps(document, sort_keys=False).decode())


def _windows(job: Job, argv: list[str], shop_folder: Path) -> CronEntry:
    """Return a PowerShell script; a task has no variables, so UTF-8 is asked for by ``-X utf8``."""
    program, *words = argv
    folder = shop_folder.resolve()
    if "PYTHONPATH" in program_environment():
        # Not installed: started in its own folder instead, which -P would hide.
        words.remove("-P")
        folder = PACKAGE_FOLDER.parent
    argument = subprocess.list2cmdline(["-X", "utf8", *words])
    lines = [
        f"$action = New-ScheduledTaskAction -Execute {_shell_word(program)} -Argument {_shell_word(argument)} "
        f"-WorkingDirectory {_shell_word(str(folder))}",
        f"$nightly = New-ScheduledTaskTrigger -Daily -At {_shell_word(f'{job.at:%H:%M}')}",
        "$logon = New-ScheduledTaskTrigger -AtLogOn -User $env:USERNAME",
        "$settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -AllowStartIfOnBatteries "
        "-DontStopIfGoingOnBatteries -MultipleInstances IgnoreNew",
        f"Register-ScheduledTask -TaskName {_shell_word(_unit_name(job, shop_folder))} -Action $action "
        "-Trigger $nightly, $logon -Settings $settings -Force",
    ]
    return CronEntry("windows", _("Run these lines in PowerShell:"), "\n".join(lines) + "\n")


def _shell_word(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
