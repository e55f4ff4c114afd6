"""The page of times at its edges: midnight, changing clocks, months, empty and full days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from booking.bookeo import Money, PeopleCategory
from booking.presenters import texts
from booking.presenters.month import month_of
from booking.presenters.product import Times, chosen, days_of, time_button, times_of
from booking.services.availability import DayOfMonth, PageOfTimes
from booking.services.choices import CourseClass, FreeTime, Party, Wishes

ROME = ZoneInfo("Europe/Rome")
WISHES = Wishes(product_id="4151KAYK", party=Party.of({"Cadults": 2}))
CATEGORIES = {"Cadults": PeopleCategory(id="Cadults", name="Adults", num_seats=1)}
TODAY = date(2027, 6, 10)


def _time(start: datetime, hours: float = 2, **more: Any) -> FreeTime:
    fields = {"event_id": start.isoformat(), "start": start, "end": start + timedelta(hours=hours)}
    return FreeTime.model_validate(fields | more)


def _local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ROME)  # type: ignore[arg-type, misc]  # year, month, day, hour, minute


def _page(*times: FreeTime, **more: Any) -> PageOfTimes:
    fields: dict[str, Any] = {
        "times": times,
        "since": date(2027, 6, 12),
        "until": date(2027, 7, 12),
        "total": len(times),
    }
    return PageOfTimes(**(fields | more))


def _times(found: PageOfTimes, **more: Any) -> Times:
    known: dict[str, Any] = {"query": "adults=2", "asked": None, "today": TODAY}
    return times_of(found, WISHES.party, CATEGORIES, **(known | more))


@pytest.fixture
def _forgetful_texts() -> Iterator[None]:
    """Texts are remembered for one place: a test of another one leaves nothing behind."""
    remembered = (texts.clock, texts.short_day, texts.long_day, texts.date_alone, texts.money, time_button)
    for function in remembered:
        function.cache_clear()
    yield
    for function in remembered:
        function.cache_clear()


class TestClocks:
    def test_late_evening_belongs_to_its_own_day(self) -> None:
        late = _time(datetime(2027, 6, 12, 21, 30, tzinfo=UTC), hours=0.25)
        early = _time(datetime(2027, 6, 12, 22, 30, tzinfo=UTC), hours=0.25)
        assert [day.heading for day in days_of(_page(late, early))] == ["Saturday 12 June", "Sunday 13 June"]

    def test_hour_that_comes_twice_is_told_twice(self) -> None:
        """Clocks go back at 3:00 in the night to 31 October 2027."""
        times = [_time(datetime(2027, 10, 31, hour, 30, tzinfo=UTC), hours=0.5) for hour in (0, 1)]
        (day,) = days_of(_page(*times))
        assert [button.start for button in day.times] == ["02:30", "02:30"]
        assert len({button.value for button in day.times}) == 2

    def test_end_after_midnight_names_its_day(self) -> None:
        button = time_button(_time(_local(2027, 6, 12, 22), hours=4))
        assert (button.start, button.end) == ("22:00", "Sun 13 Jun 02:00")

    @pytest.mark.parametrize(
        ("start", "end", "text"),
        [
            (_local(2027, 3, 28), _local(2027, 3, 29), "Whole day"),  # 23 hours
            (_local(2027, 10, 31), _local(2027, 11, 1), "Whole day"),  # 25 hours
            (_local(2027, 6, 11), _local(2027, 6, 13), "Until Sat 12 Jun"),
        ],
    )
    def test_whole_days_have_no_hours(self, start: datetime, end: datetime, text: str) -> None:
        button = time_button(FreeTime(event_id="e", start=start, end=end))
        assert (button.start, button.end) == (text, "")

    @pytest.mark.usefixtures("_forgetful_texts")
    def test_american_place_has_american_times(self, settings: Settings) -> None:
        settings.BUSINESS_LOCALE, settings.BUSINESS_TIME_ZONE = "en_US", ZoneInfo("America/New_York")
        price = Money(amount=Decimal("1200.5"), currency="USD")
        button = time_button(_time(datetime(2027, 6, 12, 17, tzinfo=UTC), price=price))
        assert (button.end.replace("\u202f", " "), button.day) == ("3:00 PM", "Sat, Jun 12")
        assert button.price == "$1,200.50"


class TestButtons:
    @given(
        start=st.builds(datetime.fromtimestamp, st.integers(1_577_836_800, 2_208_988_800), st.just(UTC)),
        amount=st.none() | st.decimals(0, 10**6, places=2),
        classes=st.integers(0, 12),
    )
    def test_any_time_comes_back_as_it_went_in(self, start: datetime, amount: Decimal | None, classes: int) -> None:
        meetings = [
            CourseClass(start=start + timedelta(days=7 * n), end=start + timedelta(days=7 * n, hours=1))
            for n in range(classes)
        ]
        price = None if amount is None else Money(amount=amount, currency="EUR")
        free = _time(start, price=price, classes=meetings)
        picked = chosen(time_button(free).value, WISHES)
        assert picked is not None
        choice, estimate = picked
        assert (choice.wishes, choice.event_id) == (WISHES, free.event_id)
        assert (choice.start, choice.end, choice.classes) == (free.start, free.end, free.classes)
        assert estimate == price

    @given(place=st.integers(0, 1000), character=st.characters(codec="ascii"))
    def test_any_changed_letter_breaks_the_signature(self, place: int, character: str) -> None:
        value = time_button(_time(_local(2027, 6, 12, 10))).value
        place %= len(value)
        changed = value[:place] + character + value[place + 1 :]
        if changed != value:
            assert chosen(changed, WISHES) is None

    @given(value=st.text())
    def test_anything_else_is_no_time_of_ours(self, value: str) -> None:
        assert chosen(value, WISHES) is None

    def test_signature_of_another_secret_is_refused(self) -> None:
        value = time_button(_time(_local(2027, 6, 12, 10))).value
        said = value.rsplit("~", 1)[0]
        assert chosen(value, WISHES) is not None
        assert chosen(signing.Signer(key="another", salt="slot", sep="~").sign(said), WISHES) is None
        assert chosen(signing.Signer(salt="another", sep="~").sign(said), WISHES) is None


class TestNotices:
    def test_number_and_party_are_said_for_screen_readers(self) -> None:
        times = _times(_page(_time(_local(2027, 6, 12, 10)), total=27))
        assert times.status == "27 times for 2 adults before Monday 12 July."

    def test_estimates_are_called_so(self) -> None:
        priced = _time(_local(2027, 6, 12, 10), price=Money(amount=Decimal(98), currency="EUR"))
        assert _times(_page(priced, total=1)).status.endswith(". Prices are estimates for the whole party.")

    def test_nothing_free_is_said(self) -> None:
        times = _times(_page())
        assert times.status == "No free time for 2 adults."
        assert (times.days, times.later, times.notice) == ([], "", "")

    def test_day_with_nothing_names_the_next_free_time(self) -> None:
        times = _times(_page(_time(_local(2027, 6, 14, 10))), asked=date(2027, 6, 12))
        assert times.notice == (
            "Nothing is free on Saturday 12 June for 2 adults. The next free time is Monday 14 June, 10:00."
        )

    @pytest.mark.parametrize("more", [{"asked": date(2027, 6, 14)}, {"asked": None}])
    def test_day_that_was_asked_for_and_is_free_needs_no_notice(self, more: dict[str, Any]) -> None:
        assert _times(_page(_time(_local(2027, 6, 14, 10))), **more).notice == ""

    def test_later_pages_do_not_repeat_it(self) -> None:
        found = _page(_time(_local(2027, 6, 14, 10)), page=2, pages=2, token="tok")
        assert _times(found, asked=date(2027, 6, 12)).notice == ""

    def test_notice_of_the_page_goes_first(self) -> None:
        found = _page(_time(_local(2027, 6, 14, 10)))
        assert _times(found, asked=date(2027, 6, 12), notice="Gone.").notice == "Gone."

    def test_earlier_times_are_never_before_today(self) -> None:
        found = _page(_time(_local(2027, 6, 14, 10)), since=date(2027, 6, 12))
        assert parse_qs(_times(found, today=date(2027, 6, 11)).earlier[1:])["date"] == ["2027-06-11"]
        assert parse_qs(_times(found, today=date(2027, 5, 1)).earlier[1:])["date"] == ["2027-06-05"]

    def test_full_days_say_how_full(self) -> None:
        full = (_time(_local(2027, 6, 12, 9), seats_left=0), _time(_local(2027, 6, 12, 11), seats_left=0))
        found = _page(_time(_local(2027, 6, 12, 8)), _time(_local(2027, 6, 12, 12)), too_full=full)
        (day,) = days_of(found)
        assert day.note == "09:00 and 11:00 are full."


class TestMonth:
    def _month(self, month: date, *days: DayOfMonth, today: date = TODAY, current: date | None = None) -> Any:
        return month_of(month, days, today=today, current=current, query="adults=2")

    @pytest.mark.parametrize(
        ("month", "weeks"),
        [(date(2027, 2, 14), 4), (date(2027, 7, 30), 5), (date(2026, 3, 1), 6), (date(2028, 2, 29), 5)],
    )
    def test_weeks_are_whole_and_hold_each_day_once(self, month: date, weeks: int) -> None:
        table = self._month(month)
        days = (month.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        numbers = [cell.number for week in table.weeks for cell in week if cell.number]
        assert len(table.weeks) == weeks
        assert numbers == list(range(1, days.day + 1))
        assert {len(week) for week in table.weeks} == {7}

    @pytest.mark.parametrize(("today", "first"), [(10, 7), (6, 1), (7, 7), (30, 28)])
    def test_weeks_that_are_over_take_no_room(self, today: int, first: int) -> None:
        table = self._month(date(2027, 6, 12), today=date(2027, 6, today))
        assert table.weeks[0][[cell.number for cell in table.weeks[0]].index(first)].number == first
        assert all(cell.number >= first for week in table.weeks for cell in week if cell.number)

    def test_each_day_stands_under_its_weekday(self) -> None:
        table = self._month(date(2027, 6, 1))
        names = [name for _, name in table.weekdays]
        assert names[0] == "Monday"
        for week in table.weeks:
            assert [cell.weekday for cell in week if cell.number] == [
                name for name, cell in zip(names, week, strict=True) if cell.number
            ]

    @pytest.mark.parametrize(
        ("today", "previous"),
        [
            (date(2027, 6, 1), None),
            (date(2027, 6, 30), None),
            (date(2027, 5, 31), ("May", "?adults=2&month=2027-05")),
        ],
    )
    def test_months_gone_by_are_not_led_to(self, today: date, previous: tuple[str, str] | None) -> None:
        assert self._month(date(2027, 6, 12), today=today).previous == previous

    def test_year_turns(self) -> None:
        assert self._month(date(2027, 12, 5)).following == ("January", "?adults=2&month=2028-01")
        assert self._month(date(2028, 1, 5)).previous == ("December", "?adults=2&month=2027-12")

    def test_only_free_days_are_links(self) -> None:
        day = date(2027, 6, 12)
        table = self._month(day, DayOfMonth(day, 2, 0), DayOfMonth(day + timedelta(days=1), 1, 1), today=day)
        cells = {cell.number: cell for week in table.weeks for cell in week}
        assert (cells[12].state, cells[12].note, cells[12].today, cells[12].href) == ("full", "full", True, "")
        assert (cells[13].state, cells[13].few, cells[13].href) == ("free", False, "?adults=2&date=2027-06-13")
        assert (cells[14].state, cells[14].note) == ("none", "")
