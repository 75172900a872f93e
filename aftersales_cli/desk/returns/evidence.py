"""Evidence of a case: photos, films and papers, kept in the shop's folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aftersales_cli.database.evidence import find_evidence, insert_evidence, list_evidence
from aftersales_cli.database.returns import list_case_requests, list_reviews
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.returns.deciding import decide
from aftersales_cli.desk.returns.evidence_store import check_file, keep_file
from aftersales_cli.desk.returns.returning import judge_request
from aftersales_cli.desk.returns.reviewing import first_approval
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case
from aftersales_cli.records.returns import Evidence, ReturnRequest
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class AddedEvidence:
    """What came of adding files."""

    files: tuple[Evidence, ...]
    added: int
    """How many of them were new."""
    judged: tuple[ReturnRequest, ...]
    """Requests that had waited for evidence and were judged anew."""


def add_evidence(
    shop: Shop, case_number: int, paths: Sequence[Path], *, at: datetime | None = None
) -> AddedEvidence:
    """Keep files as evidence of a case; a file it has already is none more. What waited for it is judged anew.

    All files are checked before one is kept. Raises NotFoundError, RefusedError and FileError naming the file.
    """
    require_case(shop, case_number)
    checked = [check_file(path, largest_mb=shop.settings.returns.evidence_mb) for path in paths]
    with changing(shop, "returns.evidence", case_number) as writing:
        case = require_case(shop, case_number)
        moment = check_case_moment(shop, case, at)
        files, added = [], 0
        for file in checked:
            known = find_evidence(shop.database, case_number, file.sha256)
            if known is None:
                added += 1
                if not shop.dry_run:
                    keep_file(shop.folder, file)
                insert_evidence(
                    shop.database,
                    {
                        "case_number": case_number,
                        "sha256": file.sha256,
                        "name": file.name,
                        "media_type": file.media_type,
                        "bytes": len(file.content),
                        "added_at": moment,
                        "added_by": shop.agent.code,
                    },
                )
                record_event(shop, case_number, "evidence_added", at=moment, field="evidence", note=file.name)
                known = find_evidence(shop.database, case_number, file.sha256)
            assert known is not None
            files.append(known)
        writing.count(evidence=added)
        judged = _judge_anew(shop, case_number, at=moment) if added else ()
        return AddedEvidence(tuple(files), added, judged)


def read_evidence(shop: Shop, case_number: int) -> list[Evidence]:
    """Return the files of a case; raises NotFoundError."""
    require_case(shop, case_number)
    return list_evidence(shop.database, case_number)


def _judge_anew(shop: Shop, case_number: int, *, at: str) -> tuple[ReturnRequest, ...]:
    """Judge the requests of a case that waited for evidence; what a person has asked for, a person sees."""
    judged = []
    for request in list_case_requests(shop.database, case_number):
        if request.status != "needs_evidence" or request.origin == "platform":
            continue
        reviews = list_reviews(shop.database, request.id)
        if first_approval(reviews) is not None:
            continue
        asked_by_person = bool(reviews) and reviews[-1].step != "auto"
        submitted = decide(
            shop, request, "submitted", at=max(at, request.requested_at), event="evidence_came"
        )
        judged.append(
            submitted if asked_by_person else judge_request(shop, submitted, at=max(at, request.requested_at))
        )
    return tuple(judged)
