"""Ask many customers at once: a wave, drawn by lot from a segment."""

from dataclasses import dataclass
from datetime import date, timedelta

from aftersales_cli.customers.surveys.choosing import draw, sift
from aftersales_cli.customers.surveys.inviting import plan_invite, survey_gaps
from aftersales_cli.database.surveys import (
    count_invites,
    find_wave,
    insert_wave,
    known_segments,
    list_customers_to_ask,
)
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.surveys import SurveyWave
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class Wave:
    """A wave and what it covers."""

    wave: SurveyWave
    invited: int
    in_segment: int | None
    """Customers of the segment with an order; None for a wave made before."""
    refused: dict[str, int]
    """Why others were not eligible: a code of choosing.REFUSALS → customers."""
    made: bool
    """False if the very same wave was there already, and nothing changed."""


def make_wave(shop: Shop, code: str, *, kind: str, segment: str, size: int, seed: int, on: date) -> Wave:
    """Draw the customers of a wave and plan their invitations; the very same wave again changes nothing.

    ``segment`` is a code or a name, ``""`` for all customers. Raises WrongUsageError for an unknown segment or a
    size below 1, RefusedError if a wave of this code was made otherwise.
    """
    code = code.strip()
    if not code or size < 1:
        raise WrongUsageError(
            _("A wave needs a name and at least one customer."),
            remedy=_("Write e.g. --wave 2026Q4 --size 200."),
        )
    with shop.writing("surveys.wave") as writing:
        segment = _resolve_segment(shop, segment)
        found = find_wave(shop.database, code)
        if found is not None:
            return _same(shop, found, kind=kind, segment=segment, size=size, seed=seed)
        people = list_customers_to_ask(shop.database, segment)
        eligible = sift(people, kind, on=on, gaps=survey_gaps(shop))
        chosen = draw(eligible.people, size, str(seed))
        ends_on = on + timedelta(days=shop.settings.surveys.expire_days)
        wave_id = insert_wave(
            shop.database,
            {
                "code": code,
                "type": kind,
                "segment": segment,
                "seed": seed,
                "size": size,
                "eligible": len(eligible.people),
                "starts_on": on.isoformat(),
                "ends_on": ends_on.isoformat(),
                "made_at": shop.stamp,
                "made_by": shop.agent.code,
            },
        )
        writing.touch("wave", wave_id)
        for person in chosen:
            plan_invite(shop, writing, person, kind, on=on, expires_on=ends_on, wave_id=wave_id)
        writing.count(eligible=len(eligible.people), planned=len(chosen))
        wave = find_wave(shop.database, code)
        assert wave is not None
        return Wave(wave, len(chosen), len(people), dict(eligible.refused), made=True)


def _resolve_segment(shop: Shop, word: str) -> str:
    if not word:
        return ""
    known = known_segments(shop.database)
    code = word if word in known else shop.taxonomy("segments").resolve(word)
    if code not in known:
        raise WrongUsageError(
            _("No customer is in the segment “{segment}”.", segment=shop.taxonomy("segments").label(code)),
            remedy=_(
                "“aftersales customers value” sorts the customers into segments; or leave --segment out."
            ),
        )
    return code


def _same(shop: Shop, wave: SurveyWave, *, kind: str, segment: str, size: int, seed: int) -> Wave:
    if (wave.type, wave.segment, wave.size, wave.seed) != (kind, segment, size, seed):
        raise RefusedError(
            _(
                "Wave {code} was made on {day} with --type {kind} --segment {segment} --size {size} --seed {seed}.",
                code=wave.code,
                day=wave.starts_on,
                kind=wave.type,
                segment=wave.segment or '""',
                size=wave.size,
                seed=wave.seed,
            ),
            remedy=_("Give another wave another name; who was drawn stays drawn."),
        )
    return Wave(wave, count_invites(shop.database, wave_id=wave.id), None, {}, made=False)
