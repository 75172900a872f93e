"""How the results of an inbox run are told."""

from collections.abc import Sequence

from aftersales_cli.cli.form_report import tell_form_file
from aftersales_cli.cli.import_report import hand_back_rejects, import_json, report_import
from aftersales_cli.cli.run import Run
from aftersales_cli.intake.inbox import InboxOutcome, run_inbox
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.language import _


def take_inbox(run: Run) -> list[InboxOutcome]:
    """Run the inbox, tell of each file as it is done, and remember whether all went well."""
    outcomes = run_inbox(run.shop, lambda outcome: _tell(run, outcome))
    hand_back_rejects(run, [entry.result for entry in outcomes if isinstance(entry.result, ImportResult)])
    if any(outcome.partly or outcome.kind in {"rejected", "left"} for outcome in outcomes):
        run.partly()
    return outcomes


def print_outcomes(run: Run, outcomes: Sequence[InboxOutcome]) -> None:
    """Print all outcomes as JSON, if JSON was asked for, or that there was nothing."""
    if run.out.as_json:
        run.out.data([outcome_json(outcome) for outcome in outcomes])
    elif not outcomes:
        run.out.note(_("The inbox is empty."))
    if run.shop.dry_run and outcomes:
        run.out.note(_("Dry run: nothing was changed."))


def outcome_json(outcome: InboxOutcome) -> dict[str, object]:
    """Return the JSON object of one file."""
    result = outcome.result
    return {
        "file": outcome.file,
        "kind": outcome.kind,
        "problem": outcome.problem,
        "moved_to": outcome.moved_to,
        "result": import_json(result) if isinstance(result, ImportResult) else result,
    }


def _tell(run: Run, outcome: InboxOutcome) -> None:
    out = run.out
    if outcome.kind == "left":
        out.note(_("{file}: left in the inbox: {reason}", file=outcome.file, reason=outcome.problem))
    elif outcome.kind == "rejected":
        out.note(_("{file}: cannot be used, moved to inbox/rejected:", file=outcome.file))
        out.note("  " + outcome.problem)
    elif isinstance(outcome.result, ImportResult):
        report_import(out, outcome.result, run.shop.zone)
        if outcome.problem:
            out.note("  " + outcome.problem)
    elif outcome.result is not None:
        tell_form_file(run, outcome.file, outcome.result)
