"""A stamp for the seats of each product. It changes whenever they may have changed, in whatever process."""

import time

from booking.services import sharing

EVERY_PRODUCT = "*"
# A change made by another process is noticed after this time.
NOTICED_SECONDS = 1.0
KEPT_SECONDS = 6 * 3_600

_read: dict[str, tuple[float, int]] = {}


def stamp_of(product_id: str) -> int:
    """0 for a product whose seats have not changed lately."""
    now = time.monotonic()
    read_at, stamp = _read.get(product_id, (-NOTICED_SECONDS, 0))
    if now - read_at >= NOTICED_SECONDS:
        found = sharing.get_many([_key(product_id), _key(EVERY_PRODUCT)])
        stamp = max([stamp, *found.values()])
        _read[product_id] = (now, stamp)
    return max(stamp, _read.get(EVERY_PRODUCT, (0.0, 0))[1])


def change(product_id: str) -> None:
    """At once for this process, within a second for the others."""
    stamp = time.time_ns()
    _read[product_id] = (time.monotonic(), stamp)
    sharing.put(_key(product_id), stamp, seconds=KEPT_SECONDS)


def clear() -> None:
    _read.clear()


def _key(product_id: str) -> str:
    return f"times-stamp:{product_id}"
