"""The client: Bookeo's operations as methods, with our types."""

from __future__ import annotations

from requests.adapters import BaseAdapter

from booking.bookeo.calls import Observer
from booking.bookeo.gate import Gate
from booking.bookeo.operations.availability import AvailabilityOperations
from booking.bookeo.operations.blocks import ResourceBlockOperations, SeatBlockOperations
from booking.bookeo.operations.bookings import BookingOperations
from booking.bookeo.operations.customers import CustomerOperations
from booking.bookeo.operations.payments import PaymentOperations
from booking.bookeo.operations.settings import SettingsOperations
from booking.bookeo.operations.webhooks import WebhookOperations
from booking.bookeo.transport import Transport


class Bookeo(
    SettingsOperations,
    AvailabilityOperations,
    BookingOperations,
    CustomerOperations,
    PaymentOperations,
    WebhookOperations,
    SeatBlockOperations,
    ResourceBlockOperations,
):
    """One business on Bookeo. Make one and share it between threads.

    Every method is one operation, takes keywords only, and raises a ``BookeoError``. Writes are
    sent once; reads up to three times within ``total_timeout``. A list that comes in pages returns
    its first ``Page``; the method ``get_..._page`` fetches the others, ``iter_pages`` walks them.

    Timeouts are in seconds. ``lang`` is a language of the account, for calls that name none.
    ``adapter`` replaces the network in tests; ``observe`` is told of every request that went out;
    ``gate`` decides when one may go out.
    """

    def __init__(
        self,
        *,
        base_url: str,
        secret_key: str,
        api_key: str,
        lang: str = "en-US",
        connect_timeout: float = 1.0,
        read_timeout: float = 10.0,
        total_timeout: float = 15.0,
        adapter: BaseAdapter | None = None,
        observe: Observer | None = None,
        gate: Gate | None = None,
    ) -> None:
        transport = Transport(
            base_url=base_url,
            secret_key=secret_key,
            api_key=api_key,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            total_timeout=total_timeout,
            adapter=adapter,
            observe=observe,
            gate=gate,
        )
        super().__init__(transport, lang)
        self._base_url = base_url

    def __repr__(self) -> str:
        return f"Bookeo(base_url={self._base_url!r}, lang={self._lang!r})"
