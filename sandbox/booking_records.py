"""Bookings in the store and on the wire (reference 7.9)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sandbox.answers import render_option
from sandbox.call import Call, Json
from sandbox.errors import not_found
from sandbox.money import ZERO
from sandbox.people import get_customer, render_customer, render_person
from sandbox.pricing import Quote

AGENT = "Front office (API)"


@dataclass(frozen=True)
class StoredPrice:
    """A price as a booking keeps it."""

    gross: Decimal
    net: Decimal
    tax_id: str

    @classmethod
    def of(cls, quote: Quote) -> StoredPrice:
        """The price that was quoted."""
        return cls(quote.gross, quote.net, quote.tax_id)

    @classmethod
    def load(cls, stored: Json) -> StoredPrice:
        """The price in a booking's details."""
        return cls(Decimal(stored["gross"]), Decimal(stored["net"]), stored["taxId"])

    def dump(self) -> Json:
        """What the booking's details keep."""
        return {"gross": str(self.gross), "net": str(self.net), "taxId": self.tax_id}


def render_price(call: Call, price: StoredPrice, paid: Decimal) -> Json:
    """The wire form of a price; the breakdown of taxes is there when there are any."""
    taxes = price.gross - price.net
    rendered: Json = {
        "totalGross": call.money(price.gross),
        "totalNet": call.money(price.net),
        "totalTaxes": call.money(taxes),
        "totalPaid": call.money(paid),
    }
    if taxes != ZERO:
        rendered["taxes"] = [{"taxId": price.tax_id, "amount": call.money(taxes)}]
    return rendered


def find_bookings(db: sqlite3.Connection, condition: str, values: dict[str, object]) -> list[sqlite3.Row]:
    """Bookings that meet an SQL condition, in order of their start."""
    query = f"SELECT * FROM booking WHERE {condition} ORDER BY starts, number"  # noqa: S608 - conditions are our own
    return db.execute(query, values).fetchall()


def get_row(call: Call, number: str) -> sqlite3.Row:
    """One booking, cancelled or not, or a 404."""
    row: sqlite3.Row | None = call.db.execute("SELECT * FROM booking WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise not_found("Booking not found")
    return row


def render_booking(call: Call, row: sqlite3.Row, *, customer: bool = False, participants: bool = False) -> Json:
    """The wire form of a booking; customer and participants' details only when asked for."""
    details: Json = json.loads(row["details"])
    rendered = _identity(call, row, details)
    rendered["participants"] = _participants(call, row, details, expand=participants)
    rendered |= _state(call, row, details)
    rendered |= _contents(call, row, details)
    if customer:
        rendered["customer"] = render_customer(call, get_customer(call, row["customer_id"]))
    return rendered


def _identity(call: Call, row: sqlite3.Row, details: Json) -> Json:
    enrolment = ("eventId", "firstCourseEnrolledEventId", "dropinCourseEnrolledEventId")
    return {
        "bookingNumber": row["number"],
        **{name: details[name] for name in enrolment if details.get(name)},
        "startTime": call.time(row["starts"]),
        "endTime": call.time(row["ends"]),
        "customerId": row["customer_id"],
        "title": details["title"],
        **({"externalRef": details["externalRef"]} if "externalRef" in details else {}),
    }


def _participants(call: Call, row: sqlite3.Row, details: Json, *, expand: bool) -> Json:
    numbers = [{"peopleCategoryId": category, "number": number} for category, number in details["numbers"].items()]
    if not expand:
        return {"numbers": numbers}
    query = "SELECT * FROM linked_person WHERE customer_id = ?"
    known = {person["id"]: person for person in call.db.execute(query, (row["customer_id"],))}
    return {"numbers": numbers, "details": [_participant(call, one, known) for one in details["people"]]}


def _participant(call: Call, participant: Json, known: dict[str, sqlite3.Row]) -> Json:
    person = known.get(participant["personId"])
    if person is not None:
        return participant | {"personDetails": render_person(call, person)}
    if participant["personId"] == "PSELF":
        return participant
    return participant | {"personId": "PUNKNOWN"}


def _state(call: Call, row: sqlite3.Row, details: Json) -> Json:
    state: Json = {
        "canceled": bool(row["canceled"]),
        "accepted": bool(row["accepted"]),
        "creationTime": call.time(row["created"]),
        "creationAgent": details["creationAgent"],
    }
    if row["canceled"]:
        state |= {"cancelationTime": call.time(details["cancelationTime"]), "cancelationAgent": details["changeAgent"]}
    if "changeAgent" in details:
        state |= {"lastChangeTime": call.time(row["changed"]), "lastChangeAgent": details["changeAgent"]}
    return state


def _contents(call: Call, row: sqlite3.Row, details: Json) -> Json:
    product = call.account.product(row["product_id"])
    contents: Json = {"productId": row["product_id"], "privateEvent": details.get("privateEvent", False)}
    if product is not None:
        contents["productName"] = call.text(product.name)
        if details["options"]:
            contents["options"] = [
                render_option(call, product, key, value) for key, value in details["options"].items()
            ]
    if details.get("resources"):
        contents["resources"] = [_resource(call, resource_id) for resource_id in details["resources"]]
    contents |= {name: details[name] for name in _KEPT_AS_SENT if name in details}
    if row["no_show"]:
        contents["noShow"] = True
    return contents | {"price": render_price(call, StoredPrice.load(details["price"]), Decimal(row["paid"]))}


_KEPT_AS_SENT: Sequence[str] = (
    "sourceIp",
    "source",
    "priceAdjustments",
    "promotionName",
    "couponCodes",
    "specificVoucherCode",
)


def _resource(call: Call, resource_id: str) -> Json:
    name = call.account.resource_name(resource_id)
    return {"name": call.text(name) if name else resource_id, "id": resource_id}
