"""How a job's runs, steps and faults are told to people."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from aftersales_cli.records.runs import JobRun, JobStep
    from aftersales_cli.runner.running import JobReport, RunResult

OUTCOMES = {
    "running": N_("running"),
    "done": N_("done"),
    "partly": N_("done, some rows rejected"),
    "failed": N_("failed"),
    "skipped": N_("skipped"),
    "interrupted": N_("interrupted"),
}

CATCH_UP_NAMES = {
    "latest": N_("the latest night"),
    "all": N_("every night"),
    "skip": N_("no night"),
}
"""How nights the computer was off are caught up."""
ON_FAILURE_NAMES = {"continue": N_("go on"), "stop": N_("stop")}


def step_teller(run: Run) -> "Callable[[JobStep], None]":
    """Return a function that says on standard error how a step went."""
    from aftersales_cli.runner.steps import judge

    def tell(step: "JobStep") -> None:
        outcome = _(OUTCOMES[judge(step.exit_code)])
        run.out.note(
            _(
                "{step}: {outcome} ({seconds} s)",
                step=step.name,
                outcome=outcome,
                seconds=f"{step.seconds:.1f}",
            )
        )

    return tell


def report_lines(run: Run, report: "JobReport") -> list[str]:
    """Return what a call did for a job, line by line."""
    lines = [
        _("{slot} of “{job}” was missed and is skipped.", slot=slot, job=report.job)
        for slot in report.skipped
    ]
    for result in report.runs:
        lines += _result_lines(result)
    if report.already is not None:
        lines += already_lines(run, report.already)
    return lines


def already_lines(run: Run, already: "JobRun") -> list[str]:
    """Return what is said when the work of the latest night is done, line by line."""
    from aftersales_cli.clock import local_text

    moment = local_text(already.ended_at, run.shop.zone)
    return [
        _("“{job}” is done for {slot}, since {moment}.", job=already.job, slot=already.slot, moment=moment),
        _("--again runs it once more."),
    ]


def _result_lines(result: "RunResult") -> list[str]:
    from aftersales_cli.runner.steps import judge

    outcome = _(OUTCOMES[result.outcome])
    lines = [_("“{job}” for {slot}: {outcome}.", job=result.job, slot=result.slot, outcome=outcome)]
    for step in result.steps:
        if judge(step.exit_code) != "done":
            reason = _reason(step)
            lines.append("  " + _("Step “{step}” {reason}", step=step.name, reason=reason))
    if result.outcome != "done":
        lines.append("  " + _("Details: {log}", log=result.log_file))
    return lines


def _reason(step: "JobStep") -> str:
    from aftersales_cli.errors import PARTLY_DONE, BusyError
    from aftersales_cli.runner.processes import NOT_STARTED, TIMED_OUT

    reasons = {
        PARTLY_DONE: N_("rejected some rows."),
        BusyError.exit_code: N_("found the database or a file busy, {attempts} times."),
        TIMED_OUT: N_("took too long and was stopped."),
        NOT_STARTED: N_("could not be started."),
    }
    text = reasons.get(step.exit_code, N_("failed with exit code {code}."))
    return _(text, code=step.exit_code, attempts=step.attempts)


def report_teller(
    run: Run, and_then: "Callable[[JobReport], None]" = lambda _report: None
) -> "Callable[[JobReport], None]":
    """Return a function that says on standard error what the scheduler did, and then calls another."""

    def tell(report: "JobReport") -> None:
        and_then(report)
        for line in report_lines(run, report):
            run.out.note(line)
        sys.stderr.flush()

    return tell


def problem_teller(
    run: Run, and_then: Callable[[Exception], None] = lambda _error: None
) -> Callable[[Exception], None]:
    """Return a function that tells faults: known ones in words, others with their log; then it calls another."""
    from aftersales_cli.cli.bug import log_bug
    from aftersales_cli.errors import AftersalesError

    last = ""

    def tell(error: Exception) -> None:
        nonlocal last
        and_then(error)
        if isinstance(error, AftersalesError):
            text = _("Error: {message}", message=error.message)
        else:
            text = _("Error: {kind}. Details are in {log}.", kind=type(error).__name__,
                     log=log_bug(error, str(run.folder)))  # fmt: skip
        # The same fault comes back every minute until somebody mends it; once is enough.
        if text != last:
            run.out.note(text)
        last = text

    return tell
