"""Does the configured account work, and does it fit our settings? Said in plain words, for whoever sets it up."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings

from booking import bookeo
from booking.bookeo import Product, ProductType, Webhook
from booking.services import upstream
from booking.services.webhooks import WANTED

# Permission, and what does not work without it. `rw` includes `r` (reference 3).
PERMISSIONS_WANTED = (
    ("availability_r", "the page of times"),
    ("bookings_rw_all", "holding places and booking"),
    ("customers_rw_all", "signing in, saved details and linked people"),
    ("payments_rw_all", "recording payments at the desk"),
)


class Level(StrEnum):
    GOOD = "good"
    HINT = "hint"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    text: str


def examine() -> Iterator[Finding]:
    """Findings one by one, as they come. Stops early when nothing can be asked."""
    try:
        yield from _keys()
    except bookeo.NotAuthorised:
        yield Finding(Level.BAD, "Bookeo does not know these keys: check BOOKEO_SECRET_KEY and BOOKEO_API_KEY.")
        return
    except bookeo.BookeoError as error:
        yield Finding(Level.BAD, f"Bookeo cannot be reached at BOOKEO_BASE_URL ({error}).")
        return
    for examination in (_products, _language, _time_zone, _webhooks):
        yield from _guarded(examination)


def _guarded(examination: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from examination()
    except bookeo.BookeoError as error:
        yield Finding(Level.BAD, f"One question was not answered: {error}.")


def _keys() -> Iterator[Finding]:
    info = upstream.bookeo().get_api_key_info()
    yield Finding(Level.GOOD, "Bookeo knows both keys.")
    for permission, purpose in PERMISSIONS_WANTED:
        if _allows(info.permissions, permission):
            yield Finding(Level.GOOD, f"The key allows {purpose} ({permission}).")
        else:
            lack = f"The key lacks {permission}, needed for {purpose}: ask the owner to authorise it anew."
            yield Finding(Level.BAD, lack)


def _allows(granted: tuple[str, ...], wanted: str) -> bool:
    return wanted in granted or wanted.replace("_r_", "_rw_") in granted


def _products() -> Iterator[Finding]:
    products = upstream.bookeo().list_products()
    closed = [product.name for product in products if not product.api_bookings_allowed]
    yield Finding(Level.GOOD, f"{len(products) - len(closed)} products can be booked here.")
    for name in closed:
        yield Finding(Level.HINT, f"“{name}” is closed to bookings through the API, so it is not shown.")
    yield from _currency(products)


def _currency(products: tuple[Product, ...]) -> Iterator[Finding]:
    seen = Counter(rate.price.currency for product in products for rate in product.default_rates if rate.price)
    if not seen:
        yield Finding(Level.HINT, "No product has a headline price, so the currency cannot be compared.")
    elif set(seen) == {settings.BUSINESS_CURRENCY}:
        yield Finding(Level.GOOD, f"Prices are in {settings.BUSINESS_CURRENCY}, as the settings say.")
    else:
        currencies = ", ".join(sorted(seen))
        yield Finding(Level.BAD, f"Prices are in {currencies}; BUSINESS_CURRENCY says {settings.BUSINESS_CURRENCY}.")


def _language() -> Iterator[Finding]:
    languages = upstream.bookeo().list_languages()
    tags = [language.tag for language in languages]
    if settings.BOOKEO_LANGUAGE not in tags:
        yield Finding(Level.BAD, f"BOOKEO_LANGUAGE is {settings.BOOKEO_LANGUAGE}; the account has {', '.join(tags)}.")
        return
    yield Finding(Level.GOOD, f"The account speaks {settings.BOOKEO_LANGUAGE}.")
    default = next((language.tag for language in languages if language.customers_default), settings.BOOKEO_LANGUAGE)
    if default != settings.BOOKEO_LANGUAGE:
        yield Finding(Level.HINT, f"Customers of this account are addressed in {default} by default.")


def _time_zone() -> Iterator[Finding]:
    """The API never names the zone; the offsets of slots betray it."""
    offsets = {moment.utcoffset() == moment.astimezone(settings.BUSINESS_TIME_ZONE).utcoffset() for moment in _starts()}
    if not offsets:
        yield Finding(Level.HINT, "No slot is listed in the coming month, so the time zone cannot be compared.")
    elif offsets == {True}:
        yield Finding(Level.GOOD, f"Slots begin at the clock of {settings.TIME_ZONE}.")
    else:
        yield Finding(Level.BAD, f"Slots keep another clock than that of BUSINESS_TIME_ZONE ({settings.TIME_ZONE}).")


def _starts() -> list[datetime]:
    api, now = upstream.bookeo(), datetime.now(UTC)
    scheduled = [p for p in api.list_products() if p.api_bookings_allowed and p.type != ProductType.FLEXIBLE_TIME]
    if not scheduled:
        return []
    found = api.list_slots(
        product_id=scheduled[0].product_id, start_time=now, end_time=now + timedelta(days=30), items_per_page=300
    )
    return [slot.start_time for slot in found.data]


def _webhooks() -> Iterator[Finding]:
    registered = {(hook.domain, hook.type): hook for hook in upstream.bookeo().list_webhooks()}
    missing = [f"{domain}/{kind}" for domain, kind in WANTED if (domain, kind) not in registered]
    if missing:
        lack = f"No webhook for {', '.join(missing)}: changes elsewhere show up after a minute."
        yield Finding(Level.HINT, f"{lack} `manage.py webhooks sync` registers them.")
    else:
        yield Finding(Level.GOOD, "Webhooks tell us of changes.")
    yield from _blocked(registered.values())


def _blocked(hooks: Iterable[Webhook]) -> Iterator[Finding]:
    for hook in hooks:
        if hook.blocked_time:
            reason = hook.blocked_reason or "no reason is told"
            yield Finding(Level.BAD, f"The webhook {hook.domain}/{hook.type} is blocked: {reason}.")
