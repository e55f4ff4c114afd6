"""The people of the demo: the log-ins that the front page names, and a crowd with role-like names."""

from __future__ import annotations

import functools
import random
from datetime import timedelta

from sandbox import passwords
from sandbox.call import Call, Json
from sandbox.demo_products import YOGA
from sandbox.moments import utc
from sandbox.people import insert_customer, insert_person

_DAY = 86_400
_WORDS = [
    "Harbour",
    "Lantern",
    "Meadow",
    "Ferry",
    "Orchard",
    "Summit",
    "Pebble",
    "Willow",
    "Anchor",
    "Cedar",
    "Heron",
    "Juniper",
    "Maple",
    "Otter",
    "Quarry",
    "River",
    "Saddle",
    "Thistle",
    "Valley",
    "Windmill",
]
_ROLES = ("Visitor", "Family")
CROWD_SIZE = 40


def add_log_ins(call: Call) -> None:
    """The customers whose passwords are known (see the front page)."""
    guest = _add(call, "Guest", "Visitor", "guest@example.com", 200, "demo-guest")
    for first, born in (("Junior", "2015-11-20"), ("Partner", "1990-05-09")):
        details = {
            "firstName": first,
            "lastName": "Visitor",
            "dateOfBirth": born,
            "customFields": [("M8HEUC", "142" if first == "Junior" else "176")],
        }
        insert_person(call.db, guest, details, call.now - 150 * _DAY)
    member = _add(call, "Member", "Regular", "member@example.com", 400, "demo-member")
    next_year = (utc(call.now) + timedelta(days=365)).date().isoformat()
    call.db.execute("UPDATE customer SET member = 1, membership_end = ? WHERE id = ?", (next_year, member))
    top_up_member(call, member)
    _add(call, "Double", "Record", "twice@example.com", 300, "demo-old")
    _add(call, "Double", "Record", "twice@example.com", 30, "demo-new")
    _add(call, "Silent", "Caller", "nopass@example.com", 90, None)


def top_up_member(call: Call, member: str) -> None:
    """Give the demo member what is promised on the front page: store credit, and credits for yoga."""
    call.db.execute("UPDATE customer SET credit = '20', prepaid = 3, prepaid_product = ? WHERE id = ?", (YOGA, member))


def _add(call: Call, first: str, last: str, email: str, days_ago: int, password: str | None) -> str:
    details: Json = {
        "firstName": first,
        "lastName": last,
        "emailAddress": email,
        "phoneNumbers": [{"number": f"+39 0555 01{days_ago:04d}", "type": "mobile"}],
        "customFields": [("N5WJXT", "false")],
    }
    customer_id = insert_customer(call.db, details, call.now - days_ago * _DAY)
    kept = None if password is None else _hashed_once(password)
    call.db.execute("UPDATE customer SET password = ? WHERE id = ?", (kept, customer_id))
    return customer_id


@functools.cache
def _hashed_once(password: str) -> str:
    return passwords.hashed(password)


def add_crowd(call: Call) -> None:
    """Forty customers, once."""
    if crowd(call):
        return
    dice = random.Random("crowd")
    for number in range(CROWD_SIZE):
        word, role = _WORDS[number % len(_WORDS)], _ROLES[number // len(_WORDS)]
        insert_customer(call.db, _crowd_details(dice, word, role, number), call.now - dice.randint(15, 700) * _DAY)


def _crowd_details(dice: random.Random, word: str, role: str, number: int) -> Json:
    details: Json = {
        "firstName": word,
        "lastName": role,
        "emailAddress": f"{word}.{role}@example.com".lower(),
        "phoneNumbers": [{"number": f"+39 0555 02{number:04d}", "type": "mobile"}],
        "customFields": [("K3RTWA", dice.choice(("A4NXEJ", "B7LTRK", "C2PWHE")))],
    }
    if dice.random() < 0.3:
        details["languageCode"] = "it_IT"
    if dice.random() < 0.2:
        details["customFields"].append(("P6KALR", dice.choice(("Nuts", "Lactose", "Gluten"))))
    return details


def crowd(call: Call) -> list[str]:
    """Ids of the crowd, in a fixed order."""
    query = "SELECT id FROM customer WHERE email LIKE '%.visitor@example.com' OR email LIKE '%.family@example.com'"
    return [row["id"] for row in call.db.execute(f"{query} ORDER BY email")]


def log_in_id(call: Call, email: str) -> str:
    """Id of the newest record with that address."""
    query = "SELECT id FROM customer WHERE email = ? ORDER BY created DESC"
    return str(call.db.execute(query, (email,)).fetchone()["id"])
