"""The group ``returns evidence``: photos, films and papers of a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import AT_HELP, CASE_NUMBER, read_moment, tell
from aftersales_cli.cli.output import Column
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from aftersales_cli.cli.run import Run
    from aftersales_cli.desk.returns.evidence import AddedEvidence


@click.group("evidence", cls=Noun, help=N_("Photos, films and papers of a case, kept in the shop's folder."))
def evidence() -> None:
    """Group of verbs."""


@evidence.command("add", writes=True)
@click.argument("number", metavar="CASE", type=CASE_NUMBER)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@option("--at", help=AT_HELP)
def add(run: Run, number: int, files: tuple[Path, ...], at: str | None) -> None:
    """Copy files into the shop's folder as evidence of a case; the originals stay where they are.

    Pictures, PDF and films are kept, by their content and not by their name. A request that waited for evidence
    is judged anew.

    Example: aftersales returns evidence add 17 photo.jpg film.mp4
    """
    from aftersales_cli.desk.returns.evidence import add_evidence

    with run.shop.rehearsal():
        done = add_evidence(run.shop, number, files, at=read_moment(run, at))
    tell(run, done, *_lines(run, number, done))


@evidence.command("list")
@click.argument("number", metavar="CASE", type=CASE_NUMBER)
def list_(run: Run, number: int) -> None:
    """List the files of a case with the place where each is kept.

    Example: aftersales returns evidence list 17
    """
    from aftersales_cli.clock import local_text
    from aftersales_cli.desk.returns.evidence import read_evidence
    from aftersales_cli.desk.returns.evidence_store import place_of

    zone = run.shop.zone
    columns = [
        Column(_("Name"), lambda row: row.name),
        Column(_("Type"), lambda row: row.media_type),
        Column(_("Size (kB)"), lambda row: -(-row.bytes // 1024), right=True),
        Column(_("Added"), lambda row: local_text(row.added_at, zone)),
        Column(_("By"), lambda row: row.added_by),
        Column(_("File"), lambda row: place_of(row.sha256, row.media_type).as_posix()),
    ]
    run.out.listing(read_evidence(run.shop, number), columns, empty=_("The case has no evidence."))


def _lines(run: Run, number: int, done: AddedEvidence) -> list[str]:
    known = len(done.files) - done.added
    lines = [
        plural(
            "{count} file kept for case {number}.",
            "{count} files kept for case {number}.",
            done.added,
            number=number,
        )
    ]
    if known:
        lines.append(plural("{count} file was there already.", "{count} files were there already.", known))
    states = run.shop.taxonomy("review_states")
    lines += [
        _(
            "Return request {number} is now “{status}”.",
            number=request.id,
            status=states.label(request.status),
        )
        for request in done.judged
    ]
    return lines
