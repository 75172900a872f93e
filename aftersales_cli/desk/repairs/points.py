"""The places that repair."""

from aftersales_cli.database.repairs import (
    change_service_point,
    find_service_point,
    get_service_point,
    insert_service_point,
)
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.repairs import ServicePoint
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import check_code


def add_service_point(
    shop: Shop, code: str, *, name: str = "", address: str = "", phone: str = ""
) -> ServicePoint:
    """Add a place repairs are assigned to; raises RefusedError if the code is taken, WrongUsageError."""
    check_code(code)
    with shop.writing("repairs.points_add") as writing:
        if find_service_point(shop.database, code):
            raise RefusedError(
                _("There is already a service point “{code}”.", code=code),
                remedy=_(
                    "Choose another code, or change it: {command}",
                    command=f"aftersales repairs points change {code}",
                ),
            )
        point_id = insert_service_point(
            shop.database,
            code=code,
            name=name.strip() or code,
            address=address.strip(),
            phone=phone.strip(),
            created_at=shop.stamp,
        )
        writing.touch("service_point", point_id)
        return _get(shop, point_id)


def change_point(
    shop: Shop,
    word: str,
    *,
    name: str | None = None,
    address: str | None = None,
    phone: str | None = None,
    active: bool | None = None,
) -> ServicePoint:
    """Change what is given of a service point; one that is not active gets no new repairs. Raises NotFoundError."""
    texts = {"name": name, "address": address, "phone": phone}
    changes: dict[str, object] = {key: text.strip() for key, text in texts.items() if text is not None}
    if active is not None:
        changes["active"] = int(active)
    if not changes or changes.get("name") == "":
        raise WrongUsageError(
            _("It is not said what changes."),
            remedy=_("Give --name, --address, --phone, --close or --open."),
        )
    with shop.writing("repairs.points_change") as writing:
        point = require_point(shop, word)
        change_service_point(shop.database, point.id, changes)
        writing.touch("service_point", point.id)
        return _get(shop, point.id)


def require_point(shop: Shop, word: str) -> ServicePoint:
    """Return the service point with this code or name; raises NotFoundError."""
    point = find_service_point(shop.database, word.strip())
    if point is None:
        raise NotFoundError(
            _("There is no service point “{name}”.", name=word),
            remedy=_(
                "“aftersales repairs points” shows them, “aftersales repairs points add CODE” adds one."
            ),
        )
    return point


def require_working_point(shop: Shop, word: str) -> ServicePoint:
    """Return a service point that takes repairs; raises NotFoundError, RefusedError for one that was closed."""
    point = require_point(shop, word)
    if not point.active:
        raise RefusedError(
            _("The service point “{name}” is closed.", name=point.name),
            remedy=_(
                "Choose another one, or open it: {command}",
                command=f"aftersales repairs points change {point.code} --open",
            ),
        )
    return point


def _get(shop: Shop, point_id: int) -> ServicePoint:
    found = get_service_point(shop.database, point_id)
    assert found is not None
    return found
