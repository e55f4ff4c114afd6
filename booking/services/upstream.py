"""The one place that knows which Bookeo account this site speaks to."""

from functools import cache

from django.conf import settings

from booking.bookeo import Bookeo


@cache
def bookeo() -> Bookeo:
    """The client for the configured account, one per process."""
    return Bookeo(
        base_url=settings.BOOKEO_BASE_URL,
        secret_key=settings.BOOKEO_SECRET_KEY,
        api_key=settings.BOOKEO_API_KEY,
        lang=settings.BOOKEO_LANGUAGE,
        connect_timeout=settings.BOOKEO_CONNECT_TIMEOUT,
        read_timeout=settings.BOOKEO_READ_TIMEOUT,
    )
