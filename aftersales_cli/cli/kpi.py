"""The command ``kpi``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftersales_cli.clock import Period
    from aftersales_cli.insight.breakdowns import Part, Product
    from aftersales_cli.insight.catalogue import Entry
    from aftersales_cli.insight.report import Figure, KpiReport

_TOP = 10
_LABEL_WIDTH = 44


@click.group(cls=Noun, help=N_("Figures against targets, as text and as a workbook."))
def kpi() -> None:
    """Group of verbs."""


def _period(run: Run, text: str | None) -> Period:
    from aftersales_cli.clock import month_of, parse_period

    return parse_period(text) if text else month_of(run.shop.today)


@kpi.command("list")
def list_(run: Run) -> None:
    """Explain every figure: what is counted, on which basis, by which clock, against which target.

    Example: aftersales kpi list
    """
    from aftersales_cli.insight.catalogue import ENTRIES

    if run.out.as_json:
        run.out.data([_explained(run, entry) for entry in ENTRIES])
        return
    for entry in ENTRIES:
        for line in _explanation(run, entry):
            run.out.line(line)


def _explained(run: Run, entry: Entry) -> dict[str, object]:
    from aftersales_cli.insight.measuring import target_of

    return {
        "code": entry.code, "name": entry.name, "formula": entry.formula, "basis": entry.basis,
        "clock": entry.clock, "unit": entry.unit, "direction": entry.direction, "minimum": entry.minimum,
        "target": target_of(run.shop, entry), "source": entry.source,
    }  # fmt: skip


def _explanation(run: Run, entry: Entry) -> list[str]:
    from aftersales_cli.insight.catalogue import BASES, CLOCKS
    from aftersales_cli.insight.measuring import target_of
    from aftersales_cli.insight.wording import format_target, wrap

    facts = [_("Basis: {basis}", basis=_(BASES[entry.basis]))]
    if entry.clock:
        facts.append(_("Clock: {clock}", clock=_(CLOCKS[entry.clock])))
    if target := format_target(entry, target_of(run.shop, entry)):
        facts.append(_("Target: {target}", target=target))
    if entry.minimum:
        facts.append(_("Too small below {count}", count=entry.minimum))
    if entry.source != "–":
        facts.append(_("Source: {source}", source=_(entry.source)))
    text = [entry.formula, " · ".join(facts)]
    return [f"{entry.name}  [{entry.code}]", *(line for part in text for line in wrap(part, 76, "    ")), ""]


@kpi.command("show")
@click.argument("period", required=False)
def show(run: Run, period: str | None) -> None:
    """Show the figures of a month, quarter, year or two days beside the period before.

    Example: aftersales kpi show 2026Q1
    """
    from aftersales_cli.insight.breakdowns import products
    from aftersales_cli.insight.report import make_report

    chosen = _period(run, period)
    report = make_report(run.shop, chosen)
    listed = products(run.shop, chosen)
    if run.out.as_json:
        run.out.data(_as_data(run, report, listed))
        return
    _print_figures(run, report)
    for code, title in (("kinds", _("Cases by kind")), ("channels", _("Cases by channel"))):
        _print_parts(run, title, report.breakdowns[code])
    _print_parts(run, _("Returns and refunds by first reason"), report.breakdowns["reasons"])
    _print_products(run, listed[:_TOP])
    if report.figure("backlog").value.value:
        _print_parts(run, _("Open cases by age"), report.ageing)
    _print_footer(run, report)


def _print_figures(run: Run, report: KpiReport) -> None:
    label = report.period.label
    run.out.line(label if report.over else _("{period} (not over yet)", period=label))
    titles = [
        _("Figure"), _("Value"), _("Target"), _("Light"), "k/n", report.previous.label,
    ]  # fmt: skip
    if len(report.previous.label) > len("2026-02"):
        titles[-1] = _("Before")
    rows = [_figure_row(run, figure) for figure in report.figures]
    run.out.table(titles, rows, [False, True, False, False, True, True])


def _figure_row(run: Run, figure: Figure) -> list[str]:
    from aftersales_cli.insight.wording import (
        LIGHT_SIGNS,
        format_count,
        format_target,
        format_value,
        light_word,
    )  # fmt: skip

    entry, value = figure.entry, figure.value
    currency = run.shop.settings.shop.currency
    money = entry.code == "refund_rate_amount"
    fraction = ""
    if entry.unit == "share" and value.k is not None:
        fraction = "/".join(format_count(number, currency, money=money) for number in (value.k, value.n))
    elif entry.unit in {"seconds", "score"}:
        fraction = f"n = {value.n}"
    shown = value.missing or format_value(entry, value.value, currency, short=True)
    return [
        entry.name,
        shown,
        format_target(entry, figure.target) or " ",
        f"{LIGHT_SIGNS[figure.light]} {light_word(figure.light)}".strip() or " ",
        fraction or " ",
        figure.before.missing or format_value(entry, figure.before.value, currency, short=True),
    ]


def _print_parts(run: Run, title: str, parts: Sequence[Part]) -> None:
    from aftersales_cli.insight.wording import format_share, shorten
    from aftersales_cli.money import format_money

    if not parts:
        return
    titles, right = [title, _("Cases"), _("Share")], [False, True, True]
    rows = [
        [shorten(part.label, _LABEL_WIDTH), f"{part.k:,}", format_share(part.share or 0)]
        for part in parts[:_TOP]
    ]
    if parts[0].amount is not None:
        titles.append(_("Refunded"))
        right.append(True)
        for row, part in zip(rows, parts, strict=False):
            row.append(format_money(part.amount, run.shop.settings.shop.currency))
    run.out.line()
    run.out.table(titles, rows, right)


def _print_products(run: Run, listed: Sequence[Product]) -> None:
    from aftersales_cli.insight.wording import format_share, shorten

    if not listed:
        return
    rows = [
        [
            shorten(row.title, _LABEL_WIDTH - 6), row.orders, row.cases, row.refunded,
            None if row.refund_rate is None else format_share(row.refund_rate),
        ]
        for row in listed
    ]  # fmt: skip
    titles = [_("Product"), _("Orders"), _("Cases"), _("Refunded"), _("Rate")]
    run.out.line()
    run.out.table(titles, rows, [False, True, True, True, True])


def _print_footer(run: Run, report: KpiReport) -> None:
    from aftersales_cli.clock import local_text
    from aftersales_cli.insight.report import currency_note
    from aftersales_cli.insight.wording import wrap

    notes = [
        _("? = sample too small to judge; – = nothing to measure; durations by the wall clock."),
        _("Left out: {count} merged, spam, test or duplicate cases.", count=report.void_cases),
        _(
            "As of {now}; last paid order {day}, last file taken in {imported}.",
            now=local_text(report.measured_at, run.shop.zone),
            day=report.latest_paid_on or "–",
            imported=local_text(report.latest_import_at, run.shop.zone),
        ),
        currency_note(run.shop, report),
    ]
    run.out.line()
    for note in filter(None, notes):
        for line in wrap(note, 80, ""):
            run.out.line(line)


def _as_data(run: Run, report: KpiReport, listed: Sequence[Product]) -> dict[str, object]:
    """Return the stable JSON form; amounts in minor units, durations in seconds, shares from 0 to 1."""
    from aftersales_cli.insight.report import currency_note

    return {
        "period": _period_data(report.period),
        "previous": _period_data(report.previous),
        "over": report.over,
        "currency": run.shop.settings.shop.currency,
        "figures": [_figure_data(figure) for figure in report.figures],
        **report.breakdowns,
        "ageing": report.ageing,
        "products": listed,
        "currencies": report.currencies,
        "void_cases": report.void_cases,
        "measured_at": report.measured_at,
        "latest_paid_on": report.latest_paid_on,
        "latest_import_at": report.latest_import_at,
        "notes": [note for note in (currency_note(run.shop, report),) if note],
    }


def _period_data(period: Period) -> dict[str, object]:
    return {"label": period.label, "first": period.start, "last": period.last}


def _figure_data(figure: Figure) -> dict[str, object]:
    value, before = figure.value, figure.before
    return {
        "code": value.code, "name": figure.entry.name, "unit": figure.entry.unit, "value": value.value,
        "k": value.k, "n": value.n, "low": value.low, "high": value.high, "sample": value.sample,
        "small": value.small, "missing": value.missing, "target": figure.target, "light": figure.light,
        "before": {"value": before.value, "k": before.k, "n": before.n, "low": before.low,
                   "high": before.high},
    }  # fmt: skip


@kpi.command("export", writes=True)
@click.argument("period", required=False)
@option("--out", metavar="PATH", help=N_("File or folder to write to; default: the outbox."))
def export(run: Run, period: str | None, out: str | None) -> None:
    """Write the workbook with summary, trends, cases, products and definitions.

    Example: aftersales kpi export 2026-02
    """
    from pathlib import Path

    from aftersales_cli.reports.kpi_workbook import export_kpi_workbook, kpi_path

    chosen = _period(run, period)
    usual = kpi_path(run.shop, chosen)
    wanted = Path(out) if out else usual
    if wanted.is_dir():
        wanted /= usual.name
    written = export_kpi_workbook(run.shop, chosen, path=wanted)
    if run.shop.dry_run:
        run.out.data({"path": written}, _("Would be written: {path}", path=written))
        return
    if written.name != wanted.name:
        run.out.note(_("{path} is open in another program; the new one has another name.", path=wanted))
    run.out.data({"path": written}, _("Workbook: {path}", path=written))
