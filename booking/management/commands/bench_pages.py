"""How quickly the page of times renders, against the least that a Django template can do."""

import logging
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.management.base import BaseCommand
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory, override_settings

from booking.bookeo import BookingLimit, Business, Duration, Money, PeopleCategory, PriceRate, Product
from booking.forms.wishes import party_panel, wishes_form
from booking.presenters.catalogue import product_card
from booking.presenters.month import month_of
from booking.presenters.product import days_of, time_button, times_of
from booking.services import catalogue
from booking.services.availability import DayOfMonth, PageOfTimes
from booking.services.catalogue import Offer
from booking.services.choices import FreeTime, Party
from booking.templatetags.frozen import frozen

ROWS = 40
BARE = """<!doctype html><html lang="en"><head><title>Times</title></head><body><h1>Times</h1><form method="post">
{% for row in rows %}<button name="slot" value="{{ row.value }}"><b>{{ row.start }} <i>to {{ row.end }}</i></b> \
<strong>{{ row.price }}</strong> <span>{{ row.day }}</span> <span>{{ row.seats }}</span></button>
{% endfor %}</form></body></html>"""

BUSINESS = Business(id="4151", name="Harbour & Hills")
ADULTS = PeopleCategory(id="Cadults", name="Adults", num_seats=1)


class Command(BaseCommand):
    help = "Render the page of 40 times in a loop, beside a bare template of 40 ready-made rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=float, default=2.0, help="how long each of the two runs, five times over")

    # Nobody is asked for anything, and no files need be collected.
    @patch.object(catalogue, "get_business", lambda: BUSINESS)
    @override_settings(STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}})
    def handle(self, *args: Any, seconds: float, **options: Any) -> None:
        logging.disable()
        found = _found()
        page, bare = _product_page(found), _bare_page(found)
        ratios = []
        for _ in range(5):
            ours, floor = _rate(page, seconds), _rate(bare, seconds)
            ratios.append(ours / floor)
            self.stdout.write(f"product page {ours:7.0f}/s   bare rows {floor:7.0f}/s   ratio {ours / floor:.2f}")
        self.stdout.write(f"median ratio {sorted(ratios)[2]:.2f} (at least 0.60 is wanted)")
        self.stdout.write(f"first showing, nothing remembered: {_first_showing(page):.1f} ms")


def _found() -> PageOfTimes:
    start = datetime(2027, 6, 12, 8, tzinfo=settings.BUSINESS_TIME_ZONE)
    free = tuple(
        FreeTime(
            event_id=f"4151NE4XJU18E08C545D0_{n}",
            start=start + timedelta(days=n // 5, hours=n % 5 * 2),
            end=start + timedelta(days=n // 5, hours=n % 5 * 2 + 1),
            price=Money(amount=Decimal(49) + n, currency="EUR"),
            seats_left=n % 12 + 1,
        )
        for n in range(ROWS)
    )
    return PageOfTimes(times=free, since=start.date(), until=start.date() + timedelta(days=30), total=ROWS)


def _product_page(found: PageOfTimes) -> Callable[[], str]:
    request = RequestFactory().get("/products/bench/")
    template = engines["django"].get_template("booking/product_detail.html")
    return lambda: template.render(_context(found), request)


def _context(found: PageOfTimes) -> dict[str, Any]:
    """Made anew for each page, as the view does; what Bookeo answered is in memory, as it is for a minute."""
    today = datetime(2027, 6, 12, tzinfo=settings.BUSINESS_TIME_ZONE).date()
    form = wishes_form(OFFER, (("adults", "2"),))
    days = tuple(DayOfMonth(today + timedelta(days=n), 5, 5) for n in range(18))
    party = Party.of({"Cadults": 2})
    return {
        "product": product_card(PRODUCT, (("Cadults", "Adults"),)),
        "party": party_panel(form, today),
        "times": times_of(found, party, {"Cadults": ADULTS}, query="adults=2", asked=None, today=today),
        "month": month_of(today, days, today=today, current=today, query="adults=2"),
        "here": "/products/bench/",
        "shown": "adults=2",
        "visit": "x" * 24,
        "canonical": "https://book.example.com/products/bench/",
        "hold_minutes": 10,
        "rule": "Free to cancel until 24 hours before it starts.",
    }


def _bare_page(found: PageOfTimes) -> Callable[[], str]:
    template = engines["django"].from_string(BARE)
    rows = [time for day in days_of(found) for time in day.times]
    return lambda: template.render({"rows": rows}, HttpRequest())


def _rate(render: Callable[[], str], seconds: float) -> float:
    render()
    count, start = 0, perf_counter()
    while perf_counter() - start < seconds:
        render()
        count += 1
    return count / (perf_counter() - start)


def _first_showing(render: Callable[[], str]) -> float:
    for remembered in (frozen, days_of, month_of, time_button, wishes_form, party_panel):
        remembered.cache_clear()
    start = perf_counter()
    render()
    return (perf_counter() - start) * 1000


PRODUCT = Product(
    product_id="4151KAYK7R18E08BF0DBF",
    name="Kayak tour",
    type="fixed",
    description="<p>Three islands.</p>",
    booking_limits=(BookingLimit(min=1, max=12), BookingLimit(people_category_id="Cadults", min=0, max=12)),
    default_rates=(PriceRate(people_category_id="Cadults", price=Money(amount=Decimal(49), currency="EUR")),),
    duration=Duration(hours=2, minutes=30),
    api_bookings_allowed=True,
)
OFFER = Offer(product=PRODUCT, categories={"Cadults": ADULTS}, resources=())
