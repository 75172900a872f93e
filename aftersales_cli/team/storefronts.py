"""Operations on storefronts."""

from aftersales_cli.database.storefronts import (
    find_storefront,
    get_storefront,
    insert_storefront,
    list_storefronts,
    update_storefront,
)
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.shops import Storefront
from aftersales_cli.settings import check_country, check_currency, parse_zone
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import check_code


def add_storefront(
    shop: Shop,
    code: str,
    *,
    name: str = "",
    platform: str = "",
    country: str | None = None,
    currency: str | None = None,
    timezone: str | None = None,
) -> Storefront:
    """Add a storefront; what is not given is the shop's own.

    Raises RefusedError if the code is taken, WrongUsageError for an unknown country, currency or time zone.
    """
    check_code(code)
    zone = timezone or shop.settings.shop.timezone
    parse_zone(zone)
    country = check_country(country or shop.settings.shop.country)
    currency = check_currency(currency or shop.settings.shop.currency)
    with shop.writing("storefronts.add") as writing:
        if find_storefront(shop.database, code):
            raise RefusedError(
                _("There is already a storefront “{code}”.", code=code), remedy=_("Choose another code.")
            )
        storefront_id = insert_storefront(
            shop.database,
            code=code,
            name=name,
            platform=platform,
            country=country,
            timezone=zone,
            currency=currency,
            created_at=shop.stamp,
        )
        writing.touch("storefront", storefront_id)
        return _get(shop, storefront_id)


def rename_storefront(shop: Shop, code: str, name: str) -> Storefront:
    """Change the name people see; raises NotFoundError."""
    with shop.writing("storefronts.rename") as writing:
        storefront = require_storefront(shop, code)
        update_storefront(shop.database, storefront.id, name=name, platform=storefront.platform)
        writing.touch("storefront", storefront.id)
        return _get(shop, storefront.id)


def require_storefront(shop: Shop, word: str) -> Storefront:
    """Return the storefront with this code or name; raises NotFoundError."""
    storefront = find_storefront(shop.database, word)
    if storefront is None:
        raise NotFoundError(
            _("There is no storefront “{name}”.", name=word),
            remedy=_("“aftersales storefronts list” shows them."),
        )
    return storefront


def resolve_storefront(
    shop: Shop,
    *,
    platform: str,
    named: str | None,
    shop_name: str,
    currency: str | None,
    timezone: str | None,
) -> Storefront:
    """Return the storefront a file belongs to, made if new. To be used inside ``writing``.

    ``named`` is what the user said (``--storefront`` or the inbox subfolder) and wins; then the shop name
    inside the file; then the only storefront of the platform. Raises WrongUsageError if several fit.
    """
    if named:
        found = find_storefront(shop.database, named)
        return found or _make(shop, named, "", platform, currency, timezone)
    same = [entry for entry in list_storefronts(shop.database) if entry.platform == platform]
    if shop_name:
        for entry in same:
            if entry.name == shop_name:
                return entry
        # A storefront made by a file without a shop name (a refund list, say) gets its name now.
        nameless = [entry for entry in same if not entry.name]
        if len(nameless) == 1:
            update_storefront(shop.database, nameless[0].id, name=shop_name, platform=platform)
            return _get(shop, nameless[0].id)
        return _make(shop, _free_code(same, platform), shop_name, platform, currency, timezone)
    if len(same) > 1:
        raise WrongUsageError(
            _("The file does not say to which storefront it belongs, and there are several on {platform}.",
              platform=platform),
            remedy=_(
                "Name it with --storefront CODE, or put the file into inbox/CODE. Codes: {codes}",
                codes=", ".join(entry.code for entry in same),
            ),
        )  # fmt: skip
    return same[0] if same else _make(shop, platform, "", platform, currency, timezone)


def require_or_make(shop: Shop, word: str) -> Storefront:
    """Return the storefront the user named, made if new. To be used inside ``writing``."""
    return find_storefront(shop.database, word) or _make(shop, word, "", "", None, None)


def file_storefront(
    shop: Shop, platform: str, *, shop_name: str = "", any_will_do: bool = False
) -> Storefront:
    """Return the storefront that a file without orders is filed under. To be used inside ``writing``.

    The one named in the file wins, then the only one of its ``platform`` (made if the platform is new; ``""`` if
    the file is of none), then the shop's only one. Raises WrongUsageError if several fit, unless ``any_will_do``:
    then it says nothing about the rows.
    """
    known = list_storefronts(shop.database)
    for entry in known:
        if shop_name and shop_name in {entry.name, entry.code}:
            return entry
    fitting = [entry for entry in known if platform and entry.platform == platform] or [
        entry for entry in known if not (platform and entry.platform)
    ]
    if any_will_do:
        fitting = (fitting or known)[:1]
    if len(fitting) > 1:
        raise WrongUsageError(
            _("The file does not say to which storefront it belongs, and there are several."),
            remedy=_(
                "Name it with --storefront CODE, or put the file into inbox/CODE. Codes: {codes}",
                codes=", ".join(entry.code for entry in fitting),
            ),
        )
    return fitting[0] if fitting else _make(shop, platform or "shop", shop_name, platform, None, None)


def _free_code(same: list[Storefront], platform: str) -> str:
    taken = {entry.code for entry in same}
    number = len(same) + 1
    code = platform if platform not in taken else f"{platform}-{number}"
    while code in taken:
        number += 1
        code = f"{platform}-{number}"
    return code


def _make(
    shop: Shop, code: str, name: str, platform: str, currency: str | None, timezone: str | None
) -> Storefront:
    storefront_id = insert_storefront(
        shop.database,
        code=check_code(code),
        name=name,
        platform=platform,
        country=shop.settings.shop.country,
        timezone=timezone or shop.settings.shop.timezone,
        currency=currency or shop.settings.shop.currency,
        created_at=shop.stamp,
    )
    return _get(shop, storefront_id)


def _get(shop: Shop, storefront_id: int) -> Storefront:
    found = get_storefront(shop.database, storefront_id)
    assert found is not None
    return found
