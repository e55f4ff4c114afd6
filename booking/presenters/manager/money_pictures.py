"""Money by day as columns, each with a table of the same figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from booking.bookeo import Money
from booking.presenters import texts
from booking.presenters.charts import Chart, Column, Part, stacked
from booking.presenters.manager.payments import method_name
from booking.services.reports import Flow, Span, Value, amount

# Beyond so many methods the others share a colour; the table names each.
OWN_TONES = 4
OTHERS = "Other ways"


@dataclass(frozen=True, slots=True)
class Key:
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`name` makes ids; `says` is the picture in a sentence."""

    name: str
    title: str
    says: str
    chart: Chart
    keys: list[Key]
    head: list[str]
    rows: list[list[str]]
    foot: list[str]


def revenue_picture(currency: str, span: Span, by_day: Mapping[date, Value]) -> Picture:
    """What bookings are worth, on the days on which they take place."""
    columns, rows, whole = [], [], Value()
    for day in span.days:
        value = by_day.get(day, Value())
        paid = min(value.paid, value.gross)
        title = f"{texts.short_day(day)}: {_money(value.gross, currency)}"
        parts = (Part("t1", paid), Part("t2", value.gross - paid))
        columns.append(Column(texts.date_alone(day), title, parts))
        if value.gross or value.paid or value.kept:
            rows.append([texts.short_day(day), *_value_cells(value, currency)])
        whole.gross, whole.paid, whole.kept = (
            whole.gross + value.gross,
            whole.paid + value.paid,
            whole.kept + value.kept,
        )
    return Picture(
        name=f"revenue-{currency}",
        title=f"Booked value by day, in {currency}",
        says=f"Bookings worth {_money(whole.gross, currency)}, of which {_money(whole.paid, currency)} are paid.",
        chart=stacked(columns, scale_text=_scale),
        keys=[Key("t1", "Paid so far"), Key("t2", "Not paid yet")],
        head=["Day", "Value", "Paid so far", "Kept of cancelled ones"],
        rows=rows,
        foot=["All days", *_value_cells(whole, currency)],
    )


def _value_cells(value: Value, currency: str) -> list[str]:
    return [_money(thousandths, currency) for thousandths in (value.gross, value.paid, value.kept)]


def payments_picture(currency: str, span: Span, by_day: Mapping[date, Mapping[str, Flow]]) -> Picture:
    """What was received, and given back."""
    sums = _sums_by_method(by_day)
    methods = sorted(sums, key=lambda method: -sums[method].taken)
    tones = {method: f"t{min(number, OWN_TONES + 1)}" for number, method in enumerate(methods, start=1)}
    columns, rows = [], []
    for day in span.days:
        flows = by_day.get(day, {})
        total = sum(flow.taken + flow.given for flow in flows.values())
        parts = [Part(tones[method], size) for method in methods if method in flows for size in _sizes(flows[method])]
        columns.append(
            Column(texts.date_alone(day), f"{texts.short_day(day)}: {_money(total, currency)}", tuple(parts))
        )
        if flows:
            rows.append([texts.short_day(day), *_flow_cells(flows, methods, currency)])
    whole = sum(flow.taken + flow.given for flow in sums.values())
    return Picture(
        name=f"payments-{currency}",
        title=f"Payments by day and method, in {currency}",
        says=f"{_money(whole, currency)} in all{_given_back(sums, currency)}.",
        chart=stacked(columns, scale_text=_scale),
        keys=[Key(tones[m], method_name(m)) for m in methods[:OWN_TONES]]
        + ([Key(f"t{OWN_TONES + 1}", OTHERS)] if len(methods) > OWN_TONES else []),
        head=["Day", *(method_name(method) for method in methods), "Given back", "Total"],
        rows=rows,
        foot=["All days", *_flow_cells(sums, methods, currency)],
    )


def _given_back(sums: Mapping[str, Flow], currency: str) -> str:
    given = sum(flow.given for flow in sums.values())
    return f", after {_money(-given, currency)} were given back" if given else ""


def _sizes(flow: Flow) -> tuple[int, int]:
    return flow.taken, flow.given


def _sums_by_method(by_day: Mapping[date, Mapping[str, Flow]]) -> dict[str, Flow]:
    sums: dict[str, Flow] = {}
    for flows in by_day.values():
        for method, flow in flows.items():
            known = sums.setdefault(method, Flow())
            known.taken, known.given = known.taken + flow.taken, known.given + flow.given
    return sums


def _flow_cells(flows: Mapping[str, Flow], methods: Iterable[str], currency: str) -> list[str]:
    """Taken by each method, given back by all, and what remains."""
    taken = [flows[method].taken if method in flows else 0 for method in methods]
    given = sum(flow.given for flow in flows.values())
    cells = [*taken, given]
    return [_money(cell, currency) if cell else "" for cell in cells] + [_money(sum(cells), currency)]


def _money(thousandths: int, currency: str) -> str:
    return texts.money(Money(amount=amount(thousandths), currency=currency))


def _scale(thousandths: int) -> str:
    """1,200; short, for the edge of a picture"""
    return f"{thousandths / 1000:,.0f}" if thousandths % 1000 == 0 else f"{thousandths / 1000:,.2f}"
