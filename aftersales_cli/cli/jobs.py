"""The command ``jobs``."""

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.jobs_report import (
    CATCH_UP_NAMES,
    ON_FAILURE_NAMES,
    OUTCOMES,
    already_lines,
    problem_teller,
    report_lines,
    report_teller,
    step_teller,
)
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.errors import PARTLY_DONE
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from aftersales_cli.records.runs import JobRun
    from aftersales_cli.runner.job_files import Job


@click.group(cls=Noun, default_verb="list", help=N_("What runs at night, and how it went."))
def jobs() -> None:
    """Group of verbs."""


@jobs.command("list")
def list_(run: Run) -> None:
    """List the jobs with their last run; exit code 5 if a job file cannot be read.

    Example: aftersales jobs list
    """
    from aftersales_cli.database.runs import list_runs
    from aftersales_cli.runner.job_files import list_jobs

    sound, problems = list_jobs(run.folder)
    tell = problem_teller(run)
    for problem in problems:
        tell(problem)
        run.partly()

    def last(job: "Job") -> "JobRun | None":
        return next(iter(list_runs(run.shop.database, job=job.name, limit=1)), None)

    found = [(job, last(job)) for job in sound]
    if run.shared.as_json:
        run.out.data([{**_job_values(job), "last_run": last_run} for job, last_run in found])
        return
    titles = [_("Job"), _("At"), _("Catch up"), _("Steps"), _("Last run"), _("Outcome")]
    run.out.table(
        titles,
        [
            (job.name, f"{job.at:%H:%M}", _(CATCH_UP_NAMES[job.catch_up]), len(job.steps))
            + ((last_run.slot, _(OUTCOMES[last_run.outcome])) if last_run else ("", ""))
            for job, last_run in found
        ],
    )


def _job_values(job: "Job") -> dict[str, object]:
    return {
        "name": job.name,
        "at": f"{job.at:%H:%M}",
        "catch_up": job.catch_up,
        "file": job.path,
        "steps": list(job.steps),
    }


@jobs.command("show")
@click.argument("name")
def show(run: Run, name: str) -> None:
    """Show the steps of a job.

    Example: aftersales jobs show nightly
    """
    from aftersales_cli.runner.job_files import find_job

    job = find_job(name, run.folder)
    run.out.data(
        _job_values(job),
        _("{name}: every day at {time}, from {path}", name=job.name, time=f"{job.at:%H:%M}", path=job.path),
    )
    if not run.shared.as_json:
        titles = ["", _("Step"), _("Command"), _("On failure"), _("Minutes at most"), _("Retries")]
        rows = [
            (
                number,
                step.name,
                " ".join(step.run),
                _(ON_FAILURE_NAMES[step.on_failure]),
                f"{step.timeout_minutes:g}",
                step.retries,
            )
            for number, step in enumerate(job.steps, start=1)
        ]
        run.out.table(titles, rows)


@jobs.command("run", writes=True)
@click.argument("name")
@option("--again", is_flag=True, help=N_("Run it once more although its work is done."))
def run_(run: Run, name: str, again: bool) -> None:
    """Run a job now: by hand, or from cron.

    Does the work of the latest night that is due. If that is done already it says so; a night that failed
    is made again. Exit code 5 if a step rejected rows, that of the first step that failed, 6 if a job is
    running.

    Example: aftersales jobs run nightly
    """
    from aftersales_cli.runner.job_files import find_job
    from aftersales_cli.runner.running import RunOptions, run_now
    from aftersales_cli.runner.signals import stoppable

    job = find_job(name, run.folder)
    if run.shared.dry_run:
        _show_plan(run, job, again=again)
        return
    with stoppable():
        report = run_now(run.shop, job, RunOptions(on_step=step_teller(run)), again=again)
    run.out.data(report, *report_lines(run, report))
    run.exit_code = report.exit_code


def _show_plan(run: Run, job: "Job", *, again: bool) -> None:
    from aftersales_cli.runner.job_files import fill_in
    from aftersales_cli.runner.running import latest_run, plan_now

    plan = [
        {"slot": slot, "commands": [" ".join(fill_in(step.run, day)) for step in job.steps]}
        for day, slot in plan_now(run.shop, job, again=again).slots
    ]
    already = None if plan else latest_run(run.shop, job)
    lines = [
        _("Would run for {slot}: {command}", slot=night["slot"], command=command)
        for night in plan
        for command in night["commands"]
    ]
    lines += already_lines(run, already) if already else []
    run.out.data(plan, *(lines or [_("Nothing is due.")]))


@jobs.command("history")
@click.argument("name", required=False)
@option("--limit", type=click.IntRange(1, 1_000_000), default=20, show_default=True, help=N_("Runs to show."))
def history(run: Run, name: str | None, limit: int) -> None:
    """Show the latest runs, newest first; JSON includes their steps.

    Example: aftersales jobs history nightly
    """
    from aftersales_cli.clock import local_text
    from aftersales_cli.database.runs import list_runs, list_steps
    from aftersales_cli.runner.job_files import find_job
    from aftersales_cli.runner.running import log_of
    from aftersales_cli.runner.steps import judge

    shop = run.shop
    found = [
        (entry, list_steps(shop.database, entry.id))
        for entry in list_runs(shop.database, job=name, limit=limit)
    ]
    if name and not found:
        find_job(name, run.folder)  # a job without runs is fine, a name nobody knows is not
    if run.shared.as_json:
        run.out.data([{**vars(entry), "steps": steps} for entry, steps in found])
        return

    def log(entry: "JobRun") -> str:
        path = log_of(entry.job, entry.slot, entry.id)
        return path if (shop.folder / path).is_file() else ""

    columns = [
        Column(_("Job"), lambda row: row[0].job),
        Column(_("Night"), lambda row: row[0].slot),
        Column(_("Started"), lambda row: local_text(row[0].started_at, shop.zone)),
        Column(_("Ended"), lambda row: local_text(row[0].ended_at, shop.zone)),
        Column(_("Outcome"), lambda row: _(OUTCOMES[row[0].outcome])),
        Column(
            _("Not well"),
            lambda row: ", ".join(step.name for step in row[1] if judge(step.exit_code) != "done"),
        ),
        Column(_("Log"), lambda row: log(row[0])),
    ]
    run.out.listing(found, columns, empty=_("Nothing has run yet."))


@jobs.command("schedule")
@option("--once", is_flag=True, help=N_("Look once what is due, run it, and end."))
def schedule(run: Run, once: bool) -> None:
    """Keep running and start each job at its time; Ctrl-C ends it.

    Nights the computer was off are caught up as the job file says. Only one scheduler runs for a shop
    (exit code 6 otherwise). With --once the exit code tells how the jobs went, as that of “jobs run” does.

    Example: aftersales jobs schedule
    """
    from functools import partial

    from aftersales_cli.runner.loop import Reports, only_scheduler, run_forever, tick
    from aftersales_cli.runner.running import RunOptions
    from aftersales_cli.runner.signals import stoppable
    from aftersales_cli.shop import open_shop

    open_now = partial(open_shop, run.folder, agent=run.shared.as_agent)
    codes: list[int] = []
    reports = Reports(
        finished=report_teller(run, lambda report: codes.append(report.exit_code)),
        problem=problem_teller(run, lambda error: codes.append(getattr(error, "exit_code", 1))),
    )
    do_tick = partial(tick, run.folder, open_now, reports, RunOptions(on_step=step_teller(run)))
    with only_scheduler(run.shop):
        run.shop.close()  # each tick opens it for itself
        try:
            with stoppable():
                if once:
                    do_tick()
                    # A fault counts more than rejected rows.
                    faults = [code for code in codes if code not in {0, PARTLY_DONE}]
                    run.exit_code = next(iter(faults), max(codes, default=0))
                    return
                run.out.note(_("The scheduler is running; Ctrl-C ends it."))
                run_forever(do_tick)
        except KeyboardInterrupt:
            run.out.note(_("The scheduler has ended."))


@jobs.command("cron")
@click.argument("name", default="nightly")
@option(
    "--kind",
    type=click.Choice(["crontab", "systemd", "launchd", "windows", "all"]),
    help=N_("Which system; default: those this computer knows."),
)
def cron(run: Run, name: str, kind: str | None) -> None:
    """Print what to enter in the computer's own scheduler instead of keeping “jobs schedule” running.

    Example: aftersales jobs cron --kind systemd
    """
    from aftersales_cli.runner.cron import KINDS, cron_entries, suitable_kinds
    from aftersales_cli.runner.job_files import find_job
    from aftersales_cli.settings import FILE_NAME, load_settings

    job = find_job(name, run.folder)
    timezone = load_settings(run.folder / FILE_NAME).shop.timezone
    kinds = {None: suitable_kinds(), "all": KINDS}.get(kind, (str(kind),))
    entries = cron_entries(job, run.folder, timezone, kinds)
    run.out.data(entries, *(f"# {entry.where}\n{entry.text}" for entry in entries))
