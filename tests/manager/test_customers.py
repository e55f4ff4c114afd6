"""Customers as staff meet them: found, shown with all that is known, changed, deleted by the rule, and logged."""

import pytest

from booking.bookeo import CustomerInput, PhoneNumber
from booking.models import AuditEntry
from booking.services import customers
from booking.services.errors import NotFound, OutcomeUnknown
from booking.services.staff_acts import Role
from tests.plain_browser import PlainBrowser
from tests.shop import KAYAK, SETTINGS, Shop, book
from tests.staff import make_staff, signed_in

CUSTOMERS = "/manager/customers/"


@pytest.fixture
def manager(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.MANAGER))


@pytest.fixture
def guest(shop: Shop) -> str:
    """Somebody with bookings behind and ahead, and two linked people."""
    return customers.find_customers("guest@example.com", field="emailAddress")[0].id


def _new(shop: Shop, first_name: str = "Nora", email: str = "nora@example.com") -> str:
    made = shop.client.create_customer(
        customer=CustomerInput(
            first_name=first_name,
            last_name="Novak",
            email_address=email,
            phone_numbers=(PhoneNumber(number="ask at the hotel", type="fax"),),
        )
    )
    return made.id


def _edit(browser: PlainBrowser, customer_id: str, **fields: str) -> PlainBrowser:
    return browser.get(f"{CUSTOMERS}{customer_id}/edit/").submit("#details", fields, button="Save")


@pytest.mark.parametrize(("field", "text"), [("name", "Guest V"), ("lastName", "Visitor"), ("emailAddress", "guest@")])
def test_customer_is_found_by_each_field(shop: Shop, manager: PlainBrowser, guest: str, field: str, text: str) -> None:
    shop.calls.clear()
    manager.get(CUSTOMERS).submit("#find", {"field": field, "text": text}, button="Find")
    assert f"{CUSTOMERS}{guest}/" in {link.href for link in manager.page.links}
    assert [name for name in shop.operations if name not in SETTINGS] == ["search_customers"]
    assert text not in manager.url


def test_search_needs_a_text_and_says_when_nobody_is_there(manager: PlainBrowser) -> None:
    manager.get(CUSTOMERS).submit("#find", {"text": ""}, button="Find")
    assert manager.status == 422
    manager.submit("#find", {"text": "nobody-here"}, button="Find")
    assert manager.page.select(".empty")


def test_page_shows_details_bookings_and_people_in_four_calls(shop: Shop, manager: PlainBrowser, guest: str) -> None:
    shop.calls.clear()
    manager.get(f"{CUSTOMERS}{guest}/")
    assert len([name for name in shop.operations if name not in SETTINGS]) == 4
    headings = [heading.get_text(strip=True) for heading in manager.page.select("h2")]
    assert {"Coming", "Past", "Books for", "Contact", "Standing"} <= set(headings)
    assert "guest@example.com" in manager.page.text
    assert len(manager.page.select("a[data-open]")) >= 3


def test_records_with_the_same_email_stand_side_by_side(shop: Shop, manager: PlainBrowser) -> None:
    older, newer = _new(shop), _new(shop, "Eleonora")
    manager.get(f"{CUSTOMERS}{older}/")
    heads = [cell.get_text(" ", strip=True) for cell in manager.page.select("#compared thead th")][1:]
    assert sorted(heads) == ["Eleonora Novak", "Nora Novak this one"]
    assert f"{CUSTOMERS}{newer}/" in {link.href for link in manager.page.links}
    name_row = manager.page.select("#compared tbody tr")[0]
    assert [bool(cell.select(".badge")) for cell in name_row.select("td")].count(True) == 1
    assert "merged in Bookeo" in manager.page.text


def test_nobody_without_a_twin_is_compared(shop: Shop, manager: PlainBrowser) -> None:
    assert not manager.get(f"{CUSTOMERS}{_new(shop)}/").page.select("#compared")


def test_change_sends_what_was_changed_and_keeps_the_rest(shop: Shop, manager: PlainBrowser) -> None:
    customer_id = _new(shop)
    manager.get(f"{CUSTOMERS}{customer_id}/edit/")
    customers.change_customer(customer_id, first_name="Changed elsewhere")
    fields = {"last_name": "Nováková", "city": "Rimini", "country": "IT", "phone1": "0555 010199"}
    manager.submit("#details", fields, button="Save")

    after = customers.get_customer(customer_id)
    assert manager.url == f"{CUSTOMERS}{customer_id}/"
    assert (after.first_name, after.last_name) == ("Changed elsewhere", "Nováková")
    assert [(phone.number, phone.type) for phone in after.phone_numbers] == [
        ("ask at the hotel", "fax"),
        ("+390555010199", "mobile"),
    ]
    assert after.street_address is not None
    assert (after.street_address.city, after.street_address.country_code) == ("Rimini", "IT")


def test_log_names_fields_and_no_values(shop: Shop, manager: PlainBrowser) -> None:
    customer_id = _new(shop)
    _edit(manager, customer_id, last_name="Secretname")
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.kind, entry.subject, entry.outcome) == ("edit_customer", "customer", customer_id, "done")
    assert entry.changes == {"fields": [None, ["last_name"]]}


def test_nothing_changed_is_not_sent(shop: Shop, manager: PlainBrowser) -> None:
    customer_id = _new(shop)
    _edit(manager, customer_id)
    assert "Nothing was changed." in manager.page.text
    assert not shop.counted["update_customer"]
    assert not AuditEntry.objects.filter(act="edit_customer").exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "no address"}, "id_email"),
        ({"phone1": "12"}, "id_phone1"),
        ({"born": "yesterday"}, "id_born"),
        ({"first_name": "", "last_name": ""}, "id_first_name"),
    ],
)
def test_bad_input_is_pointed_out_and_kept(
    shop: Shop, manager: PlainBrowser, fields: dict[str, str], field: str
) -> None:
    _edit(manager, _new(shop), **fields)
    assert manager.status == 422
    assert manager.page.select(f"[role=alert] a[href='#{field}']")
    assert {name: manager.page.form("#details").fields[name] for name in fields} == fields
    assert not shop.counted["update_customer"]


def test_customer_who_is_expected_is_not_deleted(shop: Shop, manager: PlainBrowser) -> None:
    number = str(book(shop.at_check(KAYAK)).page.one(".code data")["value"])
    customer_id = shop.client.get_booking_customer(booking_number=number).id
    manager.get(f"{CUSTOMERS}{customer_id}/delete/")
    assert f"/manager/bookings/{number}/" in {link.href for link in manager.page.links}
    assert not manager.page.select("form[data-once]")


def test_customer_is_deleted_by_a_press_that_names_who(shop: Shop, manager: PlainBrowser) -> None:
    customer_id = _new(shop)
    manager.get(f"{CUSTOMERS}{customer_id}/delete/")
    assert not shop.counted["delete_customer"]
    manager.submit("form[data-once]", button="Delete Nora Novak")
    assert manager.url == CUSTOMERS
    with pytest.raises(NotFound):
        customers.get_customer(customer_id)
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.subject, entry.outcome, entry.changes) == ("delete_customer", customer_id, "done", {})


def test_booking_that_came_meanwhile_stops_the_deletion(shop: Shop, manager: PlainBrowser, guest: str) -> None:
    customer_id = _new(shop)
    manager.get(f"{CUSTOMERS}{customer_id}/delete/")
    form = manager.page.form("form[data-once]")
    manager._send_form("post", f"{CUSTOMERS}{guest}/delete/", form.fields, {})
    assert manager.status == 409
    assert "Bookings are still to come" in manager.page.text
    assert AuditEntry.objects.latest("number").outcome == "refused"


def test_linked_person_is_changed_and_deleted(shop: Shop, manager: PlainBrowser, guest: str) -> None:
    person = customers.find_linked_people(guest)[0]
    path = f"{CUSTOMERS}{guest}/people/{person.id}/"
    manager.get(path).submit("#details", {"first_name": "Renamed"}, button="Save")
    again = customers.get_linked_person(guest, person.id)
    assert (again.first_name, again.last_name) == ("Renamed", person.last_name)
    manager.get(f"{path}delete/").submit("form[data-once]")
    assert person.id not in {someone.id for someone in customers.find_linked_people(guest)}


def test_lost_answer_is_looked_up(shop: Shop) -> None:
    customer_id = _new(shop)
    shop.knobs("cut=after", on="PUT /v2/customers", times=1)
    assert customers.change_customer(customer_id, last_name="Arrived").last_name == "Arrived"
    shop.knobs("cut=after", on="DELETE /v2/customers", times=1)
    customers.delete_customer(customer_id)
    with pytest.raises(NotFound):
        customers.get_customer(customer_id)


def test_write_that_never_arrived_is_not_called_done_or_failed(shop: Shop, manager: PlainBrowser) -> None:
    customer_id = _new(shop)
    shop.knobs("cut=before", on="PUT /v2/customers", times=1)
    with pytest.raises(OutcomeUnknown):
        customers.change_customer(customer_id, last_name="Lost")
    manager.get(f"{CUSTOMERS}{customer_id}/edit/")
    shop.knobs("cut=before", on="PUT /v2/customers", times=1)
    manager.submit("#details", {"last_name": "Lost"}, button="Save")
    assert manager.page.h1 == "We do not know yet whether this was done"
    assert AuditEntry.objects.latest("number").outcome == "unknown"


def test_permission_that_the_key_lacks_is_named(shop: Shop, manager: PlainBrowser, guest: str) -> None:
    shop.as_key("readonly-api-key")
    manager.get(f"{CUSTOMERS}{guest}/")
    assert manager.status == 503
    assert "customers_r_all" in manager.page.text
