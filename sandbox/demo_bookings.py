"""The bookings of the demo: many for the crowd, a few for the log-ins, with payments, cancellations and no-shows."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sandbox import demo_customers, payment_records, placing, schedule, seats
from sandbox.booking_schemas import BookingInput
from sandbox.bookings import owner, place
from sandbox.call import Call, Json
from sandbox.demo_customers import crowd, log_in_id
from sandbox.demo_products import (
    ADULTS,
    CANOE,
    CHARTER,
    CHILDREN,
    KAYAK,
    PADDLE,
    RIDGE,
    SAIL4,
    STUDENTS,
    SUNSET,
    ZIP,
)
from sandbox.errors import ApiError
from sandbox.moments import local_date
from sandbox.people import get_customer, linked_people
from sandbox.placing import Placement
from sandbox.schedule import Occurrence
from sandbox.store import read_state, write_state

_DAY = 86_400
_OWN_FILLED = "demo own bookings"
_OWN_EVERY_DAYS = 20
_POPULARITY = {KAYAK: 12, RIDGE: 5, ZIP: 3, SUNSET: 3, CANOE: 3, CHARTER: 1, SAIL4: 3}
_FREE_IN_PADDLE = (0, 0, 1, 1, 2, 2, 4)


def add_day(call: Call, layer: str, day: date, dice: random.Random) -> None:
    """The bookings of one day. The late layer fills the paddleboards and adds to the rest, the early one is thin."""
    if layer == "late":
        _fill_paddleboards(call, day, dice)
    for _ in range(dice.choice((0, 1, 1, 2)) if layer == "early" else dice.choice((1, 2, 3, 4))):
        _add_random(call, day, dice)


def _fill_paddleboards(call: Call, day: date, dice: random.Random) -> None:
    tomorrow = local_date(call.now, call.account.zone) + timedelta(days=1)
    for index, slot in enumerate(_slots(call, PADDLE, day)):
        free = 1 if day == tomorrow and index == 0 else dice.choice(_FREE_IN_PADDLE)
        party = slot.product.capacity - free
        if party:
            students = dice.randint(0, min(2, party - 1))
            _book(call, dice, _body(slot, {ADULTS: party - students, STUDENTS: students}))


def _add_random(call: Call, day: date, dice: random.Random) -> None:
    on_offer = [product_id for product_id in _POPULARITY if product_id == CANOE or _slots(call, product_id, day)]
    product_id = dice.choices(on_offer, [_POPULARITY[known] for known in on_offer])[0]
    if product_id == CANOE:
        _book(call, dice, _canoe_body(day, dice))
    else:
        slot = dice.choice(_slots(call, product_id, day))
        _book(call, dice, _body(slot, _party(product_id, dice)))


def _slots(call: Call, product_id: str, day: date) -> list[Occurrence]:
    product = call.account.product(product_id)
    return [] if product is None else list(schedule.occurrences(product, day, day, call.account.zone))


def _party(product_id: str, dice: random.Random) -> dict[str, int]:
    if product_id == SAIL4:
        return {ADULTS: dice.choice((1, 1, 2))}
    if product_id == CHARTER:
        return {ADULTS: dice.randint(4, 9)}
    adults = dice.choice((1, 2, 2, 2, 3, 4))
    children = 0 if product_id == ZIP else dice.choice((0, 0, 0, 1, 2))
    return {ADULTS: adults, CHILDREN: children}


def _body(slot: Occurrence, party: dict[str, int]) -> Json:
    numbers = [{"peopleCategoryId": category, "number": number} for category, number in party.items() if number]
    body: Json = {"productId": slot.product.id, "eventId": slot.event_id, "participants": {"numbers": numbers}}
    if slot.product.id == RIDGE:
        body["options"] = [{"id": slot.product.options[0].id, "value": "+39 0555 010199"}]
    return body


def _canoe_body(day: date, dice: random.Random) -> Json:
    hour = dice.randint(9, 17)
    return {
        "productId": CANOE,
        "startTime": f"{day}T{hour:02d}:{dice.choice(('00', '30'))}:00-00:00",
        "participants": {"numbers": [{"peopleCategoryId": ADULTS, "number": dice.randint(1, 3)}]},
    }


def _book(call: Call, dice: random.Random, body: Json) -> None:
    customer_id = dice.choice(crowd(call))
    if body["productId"] == SUNSET:
        call.db.execute("UPDATE customer SET member = 1 WHERE id = ?", (customer_id,))
    number = _place(call, customer_id, body, days_before=dice.randint(1, 30))
    if number is not None:
        _pay_some(call, dice, number, customer_id)
        _sometimes_cancel(call, dice, number)
    if number is not None and body["productId"] == CHARTER and dice.random() < 0.6:
        call.db.execute("UPDATE booking SET accepted = 1 WHERE number = ?", (number,))


def _place(call: Call, customer_id: str, body: Json, *, days_before: int) -> str | None:
    parsed = BookingInput.model_validate_json(json.dumps(body))
    customer = get_customer(call, customer_id)
    try:
        placement: Placement = placing.check(
            call, parsed, parsed.participants.numbers, customer, complete=True, backend=True
        )
    except ApiError:
        return None  # the slot filled up: the demo has one booking fewer
    made = min(call.now - 60, placement.place.starts - days_before * _DAY)
    return place(replace(call, now=made), parsed, placement, customer_id)


def _pay_some(call: Call, dice: random.Random, number: str, customer_id: str) -> None:
    row = call.db.execute("SELECT created, details FROM booking WHERE number = ?", (number,)).fetchone()
    gross = json.loads(row["details"])["price"]["gross"]
    share = dice.choice(("full", "full", "full", "deposit", "none"))
    if share == "none" or gross == "0.00":
        return
    then = replace(call, now=row["created"])
    amount = gross if share == "full" else "20"
    details = {"reason": "Full payment" if share == "full" else "Deposit", "gatewayName": "Example Gateway"}
    payment = payment_records.NewPayment(
        Decimal(amount), dice.choice(("creditCard", "creditCard", "cash", "paypal")), then.now, details
    )
    payment_records.record(then, number, customer_id, payment)


def _sometimes_cancel(call: Call, dice: random.Random, number: str) -> None:
    row = call.db.execute("SELECT starts, details FROM booking WHERE number = ?", (number,)).fetchone()
    if row["starts"] < call.now and dice.random() < 0.05:
        call.db.execute("UPDATE booking SET no_show = 1 WHERE number = ?", (number,))
    elif dice.random() < 0.07:
        changed = min(call.now, row["starts"]) - 3600
        details = json.loads(row["details"]) | {"cancelationTime": changed, "changeAgent": "Front desk"}
        query = "UPDATE booking SET canceled = 1, changed = ?, details = ? WHERE number = ?"
        call.db.execute(query, (changed, json.dumps(details), number))
        seats.release(call.db, owner(number))


def add_own_bookings(call: Call) -> None:
    """Bookings of the log-ins, again every few weeks so that something is always ahead."""
    filled = read_state(call.db, _OWN_FILLED)
    today = local_date(call.now, call.account.zone)
    if filled is not None and date.fromisoformat(filled) + timedelta(days=_OWN_EVERY_DAYS) > today:
        return
    write_state(call.db, _OWN_FILLED, today.isoformat())
    guest = log_in_id(call, "guest@example.com")
    for days, party in ((-6, {ADULTS: 2}), (5, {ADULTS: 2, CHILDREN: 1}), (24, {ADULTS: 1})):
        slot = _slots(call, KAYAK, today + timedelta(days=days))[2]
        _place(call, guest, _with_people(call, guest, _body(slot, party)), days_before=8)
    member = log_in_id(call, "member@example.com")
    for days in (-3, 4):
        slot = _slots(call, SUNSET, today + timedelta(days=days))[0]
        _place(call, member, _body(slot, {ADULTS: 2}), days_before=9)
    demo_customers.top_up_member(call, member)  # those bookings have just used the credit up


def _with_people(call: Call, customer_id: str, body: Json) -> Json:
    details = [{"personId": "PSELF", "peopleCategoryId": ADULTS, "categoryIndex": 1}]
    numbers = {entry["peopleCategoryId"]: entry["number"] for entry in body["participants"]["numbers"]}
    child = linked_people(call.db, customer_id)[0]["id"]
    if numbers.get(CHILDREN):
        details.append({"personId": child, "peopleCategoryId": CHILDREN, "categoryIndex": 1})
    body["participants"]["details"] = details
    return body
