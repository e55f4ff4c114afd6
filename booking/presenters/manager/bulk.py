"""A day that is called off, in words: what it means for each booking, how far a run is, what became of each row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from math import ceil

from django.conf import settings

from booking.bookeo import Money, PeopleCategory
from booking.models import BulkRow, BulkRun
from booking.presenters import texts
from booking.presenters.manager.payments import balance_text
from booking.presenters.manager.words import lacks_email, name_of, party_of, product_of
from booking.services.bulk_days import Progress, RowState, RunState
from booking.services.bulk_preview import Candidate, Preview
from booking.services.bulk_runs import Code, seconds_needed
from booking.services.choices import FreeTime

MINUTE = 60
# A window that has been over for so long without anything having begun: nobody works the queue off.
OVERDUE_SECONDS = 120
QUARTERS = 4
COLUMNS = (
    "booking",
    "product",
    "start",
    "wanted",
    "new start",
    "result",
    "reason",
    "settled",
    "due before",
    "due after",
    "currency",
)

RUN_WORDS: Mapping[str, tuple[str, str]] = {
    RunState.WAITING: ("Can still be undone", "warn"),
    RunState.UNDONE: ("Undone", ""),
    RunState.RUNNING: ("Under way", "brand"),
    RunState.FINISHED: ("Finished", "good"),
}
CODE_WORDS: Mapping[str, str] = {
    Code.REFUSED: "Bookeo does not allow it; most often it is too late. Open the booking, and decide there.",
    Code.GONE: "Bookeo does not know this booking, or this time, any more.",
    Code.PERMISSION: "The key of this site may not change bookings. The owner can grant that in Bookeo’s back office.",
    Code.UNAVAILABLE: "Bookeo was busy or failing each time. Nothing was changed. Try it again.",
    Code.GAVE_UP: "It took too long, and was left alone. Look at the day anew.",
}
MOVE_REFUSED = (
    "Bookeo does not allow it; most often the new time is full or closed. Open the booking, and decide there."
)


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """`note` is said instead of a choice where there is none. `hint` stands below the choice.
    `is_moved_alone`: it can be moved, on its own page only."""

    number: str
    spaced_number: str
    clock: str
    product: str
    name: str
    party: str
    money: str
    rule: str
    note: str
    hint: str
    is_moved_alone: bool


@dataclass(frozen=True, slots=True)
class PreviewPage:
    day: str
    heading: str
    products: str
    lines: list[PreviewLine]


@dataclass(frozen=True, slots=True)
class Totals:
    """`lines` are what follows from the press, `press` what the button says; empty where nothing is chosen."""

    lines: list[str]
    press: str


@dataclass(frozen=True, slots=True)
class RunLine:
    id: str
    day: str
    what: str
    state: str
    tone: str
    who: str
    when: str
    result: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """`said` is the one sentence on how it stands; `step` changes when it is worth being spoken. `poll` is how often to
    look again, in seconds; 0 when it has ended."""

    id: str
    day: str
    day_text: str
    state: str
    tone: str
    said: str
    detail: str
    step: str
    poll: int
    settled: int
    total: int
    who: str
    may_undo: bool
    has_ended: bool
    figures: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class ResultLine:
    number: str
    spaced_number: str
    start: str
    product: str
    name: str
    wanted: str
    result: str
    tone: str
    note: str


def preview_page(found: Preview, categories: Mapping[str, PeopleCategory]) -> PreviewPage:
    names = dict.fromkeys(product_of(candidate.booking) for candidate in found.candidates)
    return PreviewPage(
        day=found.day.isoformat(),
        heading=texts.long_day(found.day),
        products=texts.joined(names),
        lines=[_preview_line(candidate, categories) for candidate in found.candidates],
    )


def choices_of(candidate: Candidate, *, cancel: str, stay: str) -> list[tuple[str, str]]:
    """What can become of a booking, the nearest other times first."""
    moves = [(time.event_id, f"Move to {time_text(time)} ({time.seats_left} free)") for time in candidate.times.all]
    return [(cancel, "Cancel"), *moves, (stay, "Leave as it is")]


def label_of(candidate: Candidate) -> str:
    """Maria Rossi, 10:00"""
    booking = candidate.booking
    return f"{name_of(booking)}, {texts.clock_or_days(booking.start_time, booking.end_time)}"


def time_text(time: FreeTime) -> str:
    return texts.short_when(time.start, time.end)


def totals_of(
    found: Preview,
    counts: tuple[int, int, int],
    cancelled: Iterable[str],
    *,
    left_alone: Iterable[str],
    undo_minutes: int,
) -> Totals:
    cancel, move, stay = counts
    wanted = set(cancelled)
    gone = [candidate for candidate in found.candidates if candidate.booking.booking_number in wanted]
    lines = [
        *([f"{_bookings(cancel)} cancelled; their places go back on sale."] if cancel else []),
        *_money_lines(gone),
        *([f"{_bookings(move)} moved, and keep what was paid. Bookeo works the price out anew."] if move else []),
        *_unmailed_lines(found, set(left_alone)),
        *([f"{_bookings(stay)} left as {'it is' if stay == 1 else 'they are'}."] if stay else []),
    ]
    if cancel or move:
        lines.append(
            f"Nothing is sent for {_minutes(undo_minutes)}: until then you can undo it. After that it cannot be undone."
        )
        lines.append(f"Sending takes about {_minutes(_minutes_needed(cancel + move))}, longer while many are booking.")
    return Totals(lines, _press(found.day, cancel, move))


def run_line(run: BulkRun, progress: Progress) -> RunLine:
    words, tone = _state_words(run, progress)
    return RunLine(
        id=str(run.public_id),
        day=texts.full_day(run.day),
        what=_bookings_of(progress.total),
        state=words,
        tone=tone,
        who=run.staff_name,
        when=texts.deadline(run.created_at),
        result=_result_text(progress),
    )


def run_page(run: BulkRun, progress: Progress) -> RunPage:
    words, tone = _state_words(run, progress)
    said, detail, step = _said(run, progress)
    return RunPage(
        id=str(run.public_id),
        day=run.day.isoformat(),
        day_text=texts.long_day(run.day),
        state=words,
        tone=tone,
        said=said,
        detail=detail,
        step=step,
        poll={RunState.WAITING: 10, RunState.RUNNING: 3}.get(RunState(run.state), 0),
        settled=progress.settled,
        total=progress.total,
        who=f"Begun by {run.staff_name} on {texts.deadline(run.created_at)}",
        may_undo=run.state == RunState.WAITING,
        has_ended=run.state in {RunState.UNDONE, RunState.FINISHED},
        figures=_figures(progress),
    )


def result_line(row: BulkRow, name: str) -> ResultLine:
    result, tone, note = _result_of(row)
    return ResultLine(
        number=row.booking_number,
        spaced_number=texts.spaced(row.booking_number),
        start=texts.clock_or_days(row.start, row.end),
        product=row.product_name,
        name=name,
        wanted=_wanted(row),
        result=result,
        tone=tone,
        note=note,
    )


def report_row(row: BulkRow) -> list[str]:
    """In the order of `COLUMNS`. It names no customer."""
    result, _, note = _result_of(row)
    return [
        row.booking_number,
        row.product_name,
        _moment(row.start),
        "move" if row.event_id else "cancel",
        _moment(row.to_start),
        result,
        note,
        _moment(row.settled_at),
        "" if row.balance_before is None else str(row.balance_before),
        "" if row.balance_after is None else str(row.balance_after),
        row.currency,
    ]


def names_of(found: Preview) -> dict[str, str]:
    """Who has booked, by booking number."""
    return {candidate.booking.booking_number: name_of(candidate.booking) for candidate in found.candidates}


def _preview_line(candidate: Candidate, categories: Mapping[str, PeopleCategory]) -> PreviewLine:
    booking = candidate.booking
    paid = booking.price.total_paid if booking.price else None
    return PreviewLine(
        number=booking.booking_number,
        spaced_number=texts.spaced(booking.booking_number),
        clock=texts.clock_or_days(booking.start_time, booking.end_time),
        product=product_of(booking),
        name=name_of(booking),
        party=party_of(booking, categories),
        money=f"{texts.money(paid)} paid, {balance_text(booking).lower()}" if paid and paid.amount else "Nothing paid",
        rule=f"We keep {texts.money(candidate.fee)}" if candidate.fee else "Free to cancel",
        note="In another run" if candidate.is_queued else "",
        hint=_hint(candidate),
        is_moved_alone=_is_moved_alone(candidate),
    )


def _hint(candidate: Candidate) -> str:
    if candidate.is_over:
        return "It has begun already"
    if candidate.booking.dropin_course_enrolled_event_id:
        return "A visit to a single class cannot be moved"
    if not candidate.is_looked_up:
        return "Such bookings are moved one by one"
    return "" if candidate.times.nearest or candidate.is_queued else "No other time is free for them within two weeks"


def _is_moved_alone(candidate: Candidate) -> bool:
    is_drop_in = bool(candidate.booking.dropin_course_enrolled_event_id)
    return not (candidate.is_looked_up or candidate.is_over or is_drop_in)


def _money_lines(gone: list[Candidate]) -> list[str]:
    """What is to be given back, and kept, over all of them; each is settled on the booking's own page."""
    back, kept, paying = Decimal(0), Decimal(0), 0
    for candidate in gone:
        paid = candidate.booking.price.total_paid.amount if candidate.booking.price else Decimal(0)
        fee = min(candidate.fee.amount, paid) if candidate.fee else Decimal(0)
        kept += fee
        back += paid - fee
        paying += paid > fee
    if not back and not kept:
        return ["Nothing is to be given back: none of those has paid."] if gone else []
    rule = f"By your rule {_amount(kept)} of what was paid is kept" if kept else "By your rule nothing is kept"
    return [
        f"{rule}, and {_amount(back)} is to be given back to {texts.counted(paying, 'customer', 'customers')}, "
        "on the page of each booking."
    ]


def _unmailed_lines(found: Preview, left_alone: set[str]) -> list[str]:
    """Whoever is called off or moved, and cannot be mailed."""
    touched = [c.booking for c in found.candidates if not c.is_queued and c.booking.booking_number not in left_alone]
    number = sum(map(lacks_email, touched))
    return [f"{number} of them {'has' if number == 1 else 'have'} no e-mail: ring them."] if number else []


def _press(day: date, cancel: int, move: int) -> str:
    parts = [f"cancel {cancel}"] if cancel else []
    parts += [f"move {move}"] if move else []
    what = " and ".join(parts).capitalize()
    return f"{what} {'booking' if cancel + move == 1 else 'bookings'} of {texts.long_day(day)}" if parts else ""


def _bookings(number: int) -> str:
    return "1 booking is" if number == 1 else f"{number} bookings are"


def _bookings_of(number: int) -> str:
    return texts.counted(number, "booking", "bookings")


def _minutes(number: int) -> str:
    return texts.counted(number, "minute", "minutes")


def _minutes_needed(rows: int) -> int:
    return ceil(seconds_needed(rows) / MINUTE)


def _amount(amount: Decimal) -> str:
    return texts.money(Money(amount=amount, currency=settings.BUSINESS_CURRENCY))


def _state_words(run: BulkRun, progress: Progress) -> tuple[str, str]:
    if run.state == RunState.FINISHED and progress.counts.get(RowState.FAILED):
        return "Finished, not all", "bad"
    return RUN_WORDS[run.state]


_FIGURES: tuple[tuple[str, str], ...] = (
    (RowState.DONE, "Done"),
    (RowState.ALREADY, "Were cancelled already"),
    (RowState.CHANGED, "Changed, left alone"),
    (RowState.FAILED, "Failed"),
    (RowState.SENDING, "In hand"),
    (RowState.WAITING, "Still to do"),
    (RowState.UNDONE, "Undone"),
)


def _figures(progress: Progress) -> list[tuple[str, int]]:
    """None where one of them would be all: the sentence says it already."""
    figures = [(label, progress.counts[state]) for state, label in _FIGURES if progress.counts.get(state)]
    return figures if len(figures) > 1 else []


def _result_text(progress: Progress) -> str:
    parts = [f"{progress.counts[state]} {label.lower()}" for state, label in _FIGURES if progress.counts.get(state)]
    return ", ".join(parts)


def _said(run: BulkRun, progress: Progress) -> tuple[str, str, str]:
    """The sentence, what is added to it, and the step that it belongs to."""
    if run.state == RunState.WAITING:
        return _said_waiting(run)
    if run.state == RunState.UNDONE:
        return "It was undone. Nothing was sent.", "", "undone"
    if run.state == RunState.RUNNING:
        quarter = QUARTERS * progress.settled // max(progress.total, 1)
        left = _minutes(_minutes_needed(progress.total - progress.settled))
        return (
            f"{progress.settled} of {progress.total} bookings are settled.",
            f"About {left} more, longer while many are booking. You may leave this page: it goes on without you.",
            f"running-{quarter}",
        )
    failed = progress.counts.get(RowState.FAILED, 0)
    is_whole = progress.counts.get(RowState.DONE) == progress.total
    said = f"All is done: {_bookings_of(progress.total)}." if is_whole else f"It is finished: {_result_text(progress)}."
    return said, "Those that failed were not changed." if failed else "", "finished"


def _said_waiting(run: BulkRun) -> tuple[str, str, str]:
    left = (run.starts_at - datetime.now(UTC)).total_seconds()
    if left < -OVERDUE_SECONDS:
        return (
            f"It was to begin at {texts.clock(run.starts_at)}, and has not.",
            "Nothing was sent yet. The program that does the work in the background does not seem to run: tell whoever "
            "looks after this site. You can still undo it.",
            "overdue",
        )
    if left <= 0:
        return "It begins now.", "Nothing was sent yet: you can still undo it.", "due"
    minutes = ceil(left / MINUTE)
    return (
        f"Nothing is sent before {texts.clock(run.starts_at)}.",
        f"About {_minutes(minutes)} left to undo it.",
        f"waiting-{'last' if minutes == 1 else 'long'}",
    )


def _wanted(row: BulkRow) -> str:
    return f"Move to {texts.short_when(row.to_start, row.to_end)}" if row.to_start and row.to_end else "Cancel"


def _result_of(row: BulkRow) -> tuple[str, str, str]:
    """In a word, its tone, and what is to be known or done."""
    words: dict[str, tuple[str, str, str]] = {
        RowState.WAITING: ("To do", "", ""),
        RowState.SENDING: ("In hand", "brand", ""),
        RowState.DONE: ("Moved" if row.event_id else "Cancelled", "good", ""),
        RowState.ALREADY: ("Cancelled before", "warn", "Somebody else cancelled it. Nothing was sent for it."),
        RowState.CHANGED: (
            "Left alone",
            "warn",
            "Somebody changed this booking after the preview. Open it, and decide there.",
        ),
        RowState.FAILED: ("Failed", "bad", _reason_of(row)),
        RowState.UNDONE: ("Undone", "", ""),
    }
    return words[row.state]


def _reason_of(row: BulkRow) -> str:
    return MOVE_REFUSED if row.code == Code.REFUSED and row.event_id else CODE_WORDS.get(row.code, "")


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(settings.BUSINESS_TIME_ZONE).strftime("%Y-%m-%d %H:%M") if moment else ""
