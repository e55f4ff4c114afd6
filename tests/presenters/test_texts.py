from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from booking.bookeo import Duration, Money
from booking.presenters import html, texts


@pytest.fixture(autouse=True)
def _fresh() -> None:
    for function in (texts.money, texts.clock, texts.short_day, texts.long_day, texts.date_alone):
        function.cache_clear()


@pytest.mark.parametrize(
    ("locale", "amount", "currency", "text"),
    [
        ("en_GB", "130", "EUR", "€130.00"),
        ("en_GB", "1234.5", "GBP", "£1,234.50"),
        ("de_DE", "130", "EUR", "130,00\xa0€"),
        ("ja_JP", "1200", "JPY", "¥1,200"),
        ("en_US", "-20", "USD", "-$20.00"),
    ],
)
def test_money_is_written_as_the_place_writes_it(
    settings: Settings, locale: str, amount: str, currency: str, text: str
) -> None:
    settings.BUSINESS_LOCALE = locale
    assert texts.money(Money(amount=Decimal(amount), currency=currency)).replace("￥", "¥") == text


def test_times_are_the_business_s_own_through_the_change_of_clocks() -> None:
    assert texts.clock(datetime(2026, 10, 24, 8, tzinfo=UTC)) == "10:00"
    assert texts.clock(datetime(2026, 10, 25, 8, tzinfo=UTC)) == "09:00"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (datetime(2027, 6, 12, 8, tzinfo=UTC), datetime(2027, 6, 12, 10, 30, tzinfo=UTC), "10:00 to 12:30"),
        (datetime(2027, 6, 12, 20, tzinfo=UTC), datetime(2027, 6, 12, 23, tzinfo=UTC), "22:00 to Sun 13 Jun 01:00"),
        (datetime(2027, 6, 11, 22, tzinfo=UTC), datetime(2027, 6, 12, 22, tzinfo=UTC), "whole day"),
        (datetime(2027, 6, 11, 22, tzinfo=UTC), datetime(2027, 6, 13, 22, tzinfo=UTC), "until Sun 13 Jun"),
    ],
)
def test_spans_name_the_other_day(start: datetime, end: datetime, text: str) -> None:
    assert texts.span(start, end) == text


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (Duration(hours=2, minutes=30), "2 h 30 min"),
        (Duration(hours=1), "1 h"),
        (Duration(minutes=45), "45 min"),
        (Duration(days=1), "1 day"),
        (Duration(days=3), "3 days"),
    ],
)
def test_lengths(duration: Duration, text: str) -> None:
    assert texts.length(duration) == text


def test_lists_read_like_sentences() -> None:
    assert texts.joined([]) == ""
    assert texts.joined(["one"]) == "one"
    assert texts.joined(["one", "two", "three"]) == "one, two and three"


def test_days() -> None:
    assert texts.full_day(date(2027, 6, 12)) == "Saturday, 12 June 2027"
    assert texts.month_name(date(2027, 6, 12)) == "June 2027"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<p onclick='x()'>a</p>",
        "<p hx-get='/x' data-once>a</p>",
        "<a href='javascript:x()'>a</a>",
        "<a href='/checkout/x'>a</a>",
        "<svg onload=x()><style>p{}</style></svg>",
        "<img src=x onerror=x()>",
        "<p style='color:red'>a</p>",
        "<form action=/x><input name=a></form>",
    ],
)
def test_hostile_html_is_harmless(hostile: str) -> None:
    safe = html.safe(hostile)
    for danger in ("script", "onclick", "hx-", "data-", "javascript", "href", "svg", "onload", "img", "style", "form"):
        assert danger not in safe


def test_useful_html_stays() -> None:
    source = "<p>Bring <strong>a towel</strong></p><ul><li>x</li></ul><a href='https://example.com/'>map</a>"
    safe = html.safe(source)
    assert "<strong>a towel</strong>" in safe
    assert "<li>x</li>" in safe
    assert 'href="https://example.com/"' in safe
    assert "noopener" in safe


def test_summary_is_one_sentence_of_plain_text() -> None:
    first = "Three small islands, one swim stop &amp; coffee on the far shore."
    source = f"<p>{first} No experience is needed, as a guide shows you how to hold the paddle.</p>"
    assert html.summary(source) == first.replace("&amp;", "&")
    assert html.summary("<p>a</p><p>b</p>") == "a b"
    assert html.summary(None) == ""
    assert len(html.summary("word " * 100)) <= html.SUMMARY_LENGTH + 1


def test_start_of_whole_days_keeps_the_capitals_of_days() -> None:
    start, end = datetime(2027, 6, 11, 22, tzinfo=UTC), datetime(2027, 6, 14, 22, tzinfo=UTC)
    assert texts.clock_or_days(start, end) == "Until Mon 14 Jun"
    assert texts.clock_or_days(start + timedelta(hours=10), end) == "10:00"
