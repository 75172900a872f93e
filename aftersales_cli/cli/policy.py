"""The command ``policy``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftersales_cli.desk.returns.policy_records import Rule
    from aftersales_cli.desk.returns.policy_trying import Trial

_FILE = click.Path(path_type=Path, readable=False, dir_okay=False)
_ALL = "all"


@click.group(cls=Noun, help=N_("The written rules for returns: check, try and print them."))
def policy() -> None:
    """Group of verbs."""


@policy.command("list")
@option("--country", default="", metavar="CC", help=N_("Only the rules for buyers in this country, e.g. CN."))
@option("--platform", default="", help=N_("Only the rules of this marketplace, and those of all."))
@option("--all", "everything", is_flag=True, help=N_("Also the rules that are switched off."))
def list_(run: Run, country: str, platform: str, everything: bool) -> None:
    """List the rules in the order in which they are asked: the shop's own, the marketplaces', the laws.

    Example: aftersales policy list --country CN
    """
    from aftersales_cli.desk.returns.policy_explaining import limits_line
    from aftersales_cli.desk.returns.policy_files import load_policies

    policies = load_policies(run.folder)
    rules = [*policies.rules, *(policies.switched_off if everything else ())]
    chosen = [
        rule
        for rule in rules
        if (not country or not rule.countries or country.upper() in rule.countries)
        and (not platform or not rule.platforms or platform in rule.platforms)
    ]
    run.out.listing(chosen, _rule_columns(), empty=_("There is no such rule."))
    if not run.shared.as_json:
        run.out.note(limits_line(policies))


def _rule_columns() -> list[Column]:
    from aftersales_cli.desk.returns.policy_records import LAYER_NAMES
    from aftersales_cli.desk.returns.policy_words import (
        kinds_text,
        payer_text,
        reasons_text,
        rule_verdict_text,
        span_text,
    )

    def says(rule: Rule) -> str:
        return rule_verdict_text(rule.verdict) if rule.on else _("switched off")

    return [
        Column(_("Rule"), lambda row: row.id),
        Column(_("Layer"), lambda row: _(LAYER_NAMES[row.layer])),
        Column(_("Name"), lambda row: row.name),
        Column(_("Asked for"), kinds_text),
        Column(_("Reasons"), reasons_text),
        Column(_("Window"), lambda row: span_text(row.window)),
        Column(_("Says"), says),
        Column(_("Postage"), lambda row: payer_text(row.postage)),
        Column(_("Certainty"), lambda row: row.certainty),
        Column(_("Read on"), lambda row: row.checked_on),
        Column(_("Source"), lambda row: row.stands_in),
    ]


@policy.command("versions")
def versions(run: Run) -> None:
    """List the texts of the rules that were in force, and how many requests each has judged.

    A request keeps the version that judged it, whatever is changed later: “returns explain” goes by it.

    Example: aftersales policy versions
    """
    from aftersales_cli.clock import local_text
    from aftersales_cli.database.policies import list_policy_versions

    columns = [
        Column(_("Version"), lambda row: row.id, right=True),
        Column(_("In force since"), lambda row: local_text(row.since, run.shop.zone)),
        Column(_("Requests judged"), lambda row: row.requests, right=True),
        Column(_("Fingerprint"), lambda row: row.digest[:12]),
    ]
    run.out.listing(
        list_policy_versions(run.shop.database), columns, empty=_("No request has been judged yet.")
    )


@policy.command("check")
@click.argument("file", required=False, type=_FILE)
def check(run: Run, file: Path | None) -> None:
    """Check the rules: what is wrong, overlaps, can never decide, has no rule, or was read long ago.

    With FILE as if it stood in the shop's templates/policies under its name.

    Example: aftersales policy check shop.toml
    """
    from aftersales_cli.clock import current_moment
    from aftersales_cli.desk.returns.policy_checking import SERIOUS, TYPES, check_policy

    found = check_policy(run.folder, today=current_moment().date(), changed=_existing(file))
    columns = [
        Column(_("Finding"), lambda row: _(TYPES[row.type])),
        Column(_("File"), lambda row: row.file),
        Column(_("What is there"), lambda row: row.text),
        Column(_("What to do"), lambda row: row.remedy),
    ]
    run.out.listing(found, columns, empty=_("The rules are in order."))
    serious = sum(entry.type in SERIOUS for entry in found)
    if serious:
        run.out.note(
            plural("{count} thing has to be put right.", "{count} things have to be put right.", serious)
        )
        run.partly()


@policy.command("try")
@click.argument("file", type=_FILE)
@option("--since", required=True, metavar="DAY", help=N_("Replay the requests from this day on."))
def try_(run: Run, file: Path, since: str) -> None:
    """Replay past requests against a changed file and list those it would judge otherwise; nothing is changed.

    Example: aftersales policy try shop.toml --since 2026-10-01
    """
    from aftersales_cli.clock import parse_day
    from aftersales_cli.desk.returns.policy_trying import try_policy

    path = _existing(file)
    assert path is not None
    trial = try_policy(run.shop, path, since=parse_day(since))
    if run.shared.as_json:
        run.out.data(trial)
        return
    run.out.listing(trial.changed, _trial_columns(run), empty=_("No verdict would change."))
    run.out.note(_trial_line(trial))


def _trial_line(trial: Trial) -> str:
    return plural(
        "{count} request was replayed: {verdicts} with another verdict, {postage} only with other postage. "
        "Nothing was changed.",
        "{count} requests were replayed: {verdicts} with another verdict, {postage} only with other postage. "
        "Nothing was changed.",
        trial.requests,
        verdicts=trial.verdicts,
        postage=len(trial.changed) - trial.verdicts,
    )


def _trial_columns(run: Run) -> list[Column]:
    from aftersales_cli.desk.returns.policy_words import payer_text

    states, kinds, reasons = (run.shop.taxonomy(name) for name in ("review_states", "kinds", "reasons"))

    def postage(row: Any) -> str:
        if row.postage_before == row.postage_after:
            return ""
        return f"{payer_text(row.postage_before) or '–'} → {payer_text(row.postage_after) or '–'}"

    return [
        Column(_("Request"), lambda row: row.request_id, right=True),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Day"), lambda row: row.requested_on),
        Column(_("Kind"), lambda row: kinds.label(row.kind)),
        Column(_("Reason"), lambda row: reasons.label(row.reason)),
        Column(_("What became of it"), lambda row: states.label(row.status)),
        Column(_("Verdict now"), lambda row: states.label(row.before)),
        Column(_("Verdict then"), lambda row: states.label(row.after)),
        Column(_("Rule now"), lambda row: ", ".join(row.rules_before[:1])),
        Column(_("Rule then"), lambda row: ", ".join(row.rules_after[:1])),
        Column(_("Postage"), postage),
    ]


@policy.command("print", writes=True)
@option(
    "--country",
    default="",
    metavar="CC",
    help=N_("The country the page is for; default: the shop's own, “all” for every one."),
)
@option("--platform", default="", help=N_("Only the rules of this marketplace, and those of all."))
@option("--out", "target", type=click.Path(path_type=Path), help=N_("Write it into this file."))
def print_(run: Run, country: str, platform: str, target: Path | None) -> None:
    """Print the page customers may read, with --lang zh or en; read it yourself before you publish it.

    It is plain text, and with --format html a web page of one file.

    Example: aftersales policy print --country CN --format html --out returns.html --lang zh
    """
    from aftersales_cli.desk.returns.policy_countries import require_country
    from aftersales_cli.desk.returns.policy_files import load_files
    from aftersales_cli.desk.returns.policy_page import make_page, page_text
    from aftersales_cli.publishing import publish_text
    from aftersales_cli.reports.policy_html import policy_html

    shop, as_html = run.shop, run.shared.table_format == "html"
    chosen = "" if country == _ALL else require_country(country or shop.settings.shop.country)
    files, problems = load_files(shop.folder)
    if problems:
        raise problems[0].error(len(problems) - 1)
    name = shop.settings.shop.name or _("our shop")
    page = make_page(files, shop_name=name, on=shop.today, country=chosen, platform=platform)
    if target is None:
        run.out.data(page, *([policy_html(page).rstrip()] if as_html else page_text(page)))
        return
    text = policy_html(page) if as_html else "\n".join([*page_text(page), ""])
    written = publish_text(shop, target, text)
    run.out.data(
        {"file": written, "rules": sum(len(section.rules) for section in page.sections)},
        _("Dry run: nothing was written.") if shop.dry_run else _("Written: {path}", path=written),
    )


@policy.command("fairness")
@option("--since", default="", metavar="DAY", help=N_("Only verdicts from this day on."))
def fairness(run: Run, since: str) -> None:
    """Compare how often reviewers approve requests of the same rule and reason.

    Marked is who differs so much from another that their 95 % intervals do not touch. Ask why before you conclude:
    one may get the harder cases.

    Example: aftersales policy fairness --since 2026-10-01
    """
    from aftersales_cli.clock import parse_day
    from aftersales_cli.desk.returns.policy_trying import compare_reviewers

    rates = compare_reviewers(run.shop, since=parse_day(since) if since else None)
    reasons = run.shop.taxonomy("reasons")
    columns = [
        Column(_("Rule"), lambda row: row.rule),
        Column(_("Reason"), lambda row: reasons.label(row.reason)),
        Column(_("Reviewer"), lambda row: row.reviewer),
        Column(_("Approved"), lambda row: f"{row.k}/{row.n}", right=True),
        Column(_("Share"), _percent(lambda row: row.k / row.n), right=True),
        Column(_("Lower end"), _percent(lambda row: row.low), right=True),
        Column(_("Upper end"), _percent(lambda row: row.high), right=True),
        Column(_("Unequal"), lambda row: _("differs") if row.unequal else ""),
    ]
    run.out.listing(rates, columns, empty=_("Nobody has decided about a request yet."))


def _percent(value: Callable[[Any], float]) -> Callable[[Any], str]:
    return lambda row: f"{value(row):.0%}"


def _existing(file: Path | None) -> Path | None:
    """Return the file; raises FileError if there is none."""
    if file is not None and not file.is_file():
        from aftersales_cli.errors import FileError

        raise FileError(
            _("There is no file {path}.", path=file),
            remedy=_("Copy a shipped file out of the templates/policies folder and change that."),
        )
    return file
