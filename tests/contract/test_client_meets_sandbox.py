"""The real client and the sandbox understand each other in every operation, and both keep to the document."""

import inspect
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from booking.bookeo import (
    Bookeo,
    BookingInput,
    CustomerInput,
    MatchingSlotsSearchParameters,
    Money,
    NotFound,
    PaymentInput,
    ResourceBlockInput,
    ResourceInput,
    SeatBlockInput,
    WebhookInput,
    changed_document,
)
from sandbox import create_app
from sandbox.demo_products import ADULTS, KAYAK, RED_CANOE
from tests.bookeo.examples import EXAMPLES
from tests.sandbox.bodies import KAYAK_EVENT, KAYAK_LATER, kayak
from tests.sandbox.conftest import NOW
from tests.wsgi_adapter import WsgiAdapter

START, END = datetime(2026, 6, 11, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC)
PEOPLE = [
    {"personId": "PSELF", "peopleCategoryId": ADULTS, "categoryIndex": 1},
    {"personId": "PNEW", "peopleCategoryId": ADULTS, "categoryIndex": 2, "personDetails": {"firstName": "Nova"}},
]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Bookeo]:
    """The client of the site, with a sandbox where the network would be."""
    app = create_app(tmp_path / "sandbox.sqlite3", data="empty", knob_values={"clock": NOW})
    yield Bookeo(
        base_url="http://sandbox.test/v2",
        secret_key="sandbox-secret",
        api_key="sandbox-api-key",
        adapter=WsgiAdapter(app),
    )
    app.store.close()


def for_two(customer_id: str) -> BookingInput:
    """Two places for a customer and a new person."""
    body = kayak(2, customerId=customer_id)
    return BookingInput.model_validate(body | {"participants": body["participants"] | {"details": PEOPLE}})


def new_customer(client: Bookeo) -> str:
    """The id of a customer without bookings."""
    return client.create_customer(customer=CustomerInput(first_name="Robin", email_address="robin@example.com")).id


def settings(client: Bookeo) -> None:
    assert "availability_r" in client.get_api_key_info().permissions
    assert client.get_business().name == "Harbour & Hills"
    assert client.get_custom_field_definitions().choice_fields
    assert [language.tag for language in client.list_languages()] == ["en-US", "it-IT"]
    assert ADULTS in {category.id for category in client.list_people_categories()}
    assert len(client.list_taxes()) == 2
    assert client.list_products(product_type="fixed")[0].product_id == KAYAK
    assert any(kind.is_public for kind in client.list_resource_types())


def availability(client: Bookeo) -> None:
    people = [{"peopleCategoryId": ADULTS, "number": 2}]
    times = {"startTime": "2026-06-12T00:00:00-00:00", "endTime": "2026-06-20T00:00:00-00:00"}
    search = MatchingSlotsSearchParameters.model_validate({"productId": KAYAK, "peopleNumbers": people} | times)
    found = client.search_matching_slots(search=search, items_per_page=10)
    further = client.get_matching_slots_page(token=str(found.info.page_navigation_token), page_number=2)
    slots = client.list_slots(product_id=KAYAK, start_time=START, end_time=END, items_per_page=10)
    more = client.get_slots_page(token=str(slots.info.page_navigation_token), page_number=2)
    assert further.data[0].start_time > found.data[-1].start_time
    assert more.data[0].start_time > slots.data[-1].start_time


def holds(client: Bookeo) -> None:
    hold = client.create_hold(booking=BookingInput.model_validate(kayak(2)), hold_duration_seconds=600)
    assert client.get_hold(hold_id=hold.id) == hold
    client.delete_hold(hold_id=hold.id)
    with pytest.raises(NotFound):
        client.get_hold(hold_id=hold.id)


def bookings(client: Bookeo) -> None:
    made = [client.create_booking(booking=for_two(new_customer(client))) for _ in range(2)]
    number = made[0].booking_number
    read = client.get_booking(booking_number=number, expand_customer=True, expand_participants=True)
    document = changed_document(read, without=("start_time", "end_time"), event_id=KAYAK_LATER)
    moved = client.update_booking(booking_number=number, document=document)
    assert (moved.event_id, moved.participants.numbers) == (KAYAK_LATER, read.participants.numbers)
    listed = client.list_bookings(start_time=START, end_time=END, items_per_page=1)
    page = client.get_bookings_page(token=str(listed.info.page_navigation_token), page_number=2)
    assert {listed.data[0].booking_number, page.data[0].booking_number} == {one.booking_number for one in made}
    client.cancel_booking(booking_number=number, reason="Rain", track_in_customer_history=True)
    assert client.get_booking(booking_number=number).canceled
    assert client.get_booking_customer(booking_number=number).num_cancelations == 1


def payments(client: Bookeo) -> None:
    number = client.create_booking(booking=for_two(new_customer(client))).booking_number
    amounts = [Decimal(20), Decimal("-5.50")]
    made = [
        client.create_booking_payment(
            booking_number=number,
            payment=PaymentInput(reason="Desk", amount=Money(amount=amount, currency="EUR"), payment_method="cash"),
        )
        for amount in amounts
    ]
    first = client.list_booking_payments(booking_number=number, items_per_page=1)
    second = client.get_booking_payments_page(
        booking_number=number, token=str(first.info.page_navigation_token), page_number=2
    )
    every = client.list_payments(start_time=datetime(2026, 6, 1, tzinfo=UTC), end_time=END, items_per_page=1)
    last = client.get_payments_page(token=str(every.info.page_navigation_token), page_number=2)
    assert [*first.data, *second.data] == [*every.data, *last.data] == made
    assert client.get_payment(payment_id=made[1].id).amount.amount == amounts[1]
    paid = client.get_booking(booking_number=number).price
    assert paid
    assert paid.total_paid.amount == sum(amounts)


def customers(client: Bookeo) -> None:
    found = client.search_customers(search_text="example.com", search_field="emailAddress", items_per_page=1)
    further = client.get_customers_page(token=str(found.info.page_navigation_token), page_number=2)
    assert found.data[0].id != further.data[0].id
    changed = client.get_customer(customer_id=new_customer(client))
    document = changed_document(changed, last_name="Later")
    assert client.update_customer(customer_id=changed.id, document=document).last_name == "Later"
    client.delete_customer(customer_id=changed.id)
    guest = client.search_customers(search_text="guest@", search_field="emailAddress").data[0].id
    assert client.authenticate_customer(customer_id=guest, password="demo-guest")
    for _ in range(2):
        client.create_booking(booking=for_two(guest))
    listed = client.list_customer_bookings(customer_id=guest, begin_date=date(2026, 6, 11), items_per_page=1)
    token = str(listed.info.page_navigation_token)
    assert client.get_customer_bookings_page(customer_id=guest, token=token, page_number=2).data


def linked_people(client: Bookeo) -> None:
    customer = client.create_booking(booking=for_two(new_customer(client))).customer_id
    assert customer
    client.create_booking(booking=for_two(customer))
    listed = client.list_linked_people(customer_id=customer, items_per_page=1)
    token = str(listed.info.page_navigation_token)
    other = client.get_linked_people_page(customer_id=customer, token=token, page_number=2).data[0]
    person = client.get_linked_person(customer_id=customer, person_id=other.id)
    document = changed_document(person, first_name="Nora")
    changed = client.update_linked_person(customer_id=customer, person_id=other.id, document=document)
    assert changed.first_name == "Nora"
    client.delete_linked_person(customer_id=customer, person_id=other.id)
    assert len(client.list_linked_people(customer_id=customer).data) == 1


def webhooks(client: Bookeo) -> None:
    wanted = WebhookInput(url="https://front.example.com/hooks", domain="bookings", type="created")
    made = client.create_webhook(webhook=wanted)
    assert client.get_webhook(webhook_id=made.id) == made
    assert client.list_webhooks() == (made,)
    client.delete_webhook(webhook_id=made.id)
    assert client.list_webhooks() == ()


def seat_blocks(client: Bookeo) -> None:
    block = SeatBlockInput(event_id=KAYAK_EVENT, product_id=KAYAK, num_seats=2, reason="Wind")
    made = [client.create_seat_block(block=block) for _ in range(2)]
    changed = client.update_seat_block(block_id=made[0].id, block=block.model_copy(update={"num_seats": -1}))
    assert client.get_seat_block(block_id=made[0].id) == changed
    listed = client.list_seat_blocks(start_time=START, end_time=END, items_per_page=1)
    assert client.get_seat_blocks_page(token=str(listed.info.page_navigation_token), page_number=2).data == (made[1],)
    client.delete_seat_block(block_id=made[0].id)
    assert client.list_seat_blocks(start_time=START, end_time=END).data == (made[1],)


def resource_blocks(client: Bookeo) -> None:
    block = ResourceBlockInput(start_time=START, end_time=END, resources=(ResourceInput(id=RED_CANOE),))
    made = [client.create_resource_block(block=block) for _ in range(2)]
    changed = client.update_resource_block(block_id=made[0].id, block=block.model_copy(update={"reason": "Painted"}))
    assert client.get_resource_block(block_id=made[0].id) == changed
    listed = client.list_resource_blocks(start_time=START, end_time=END, items_per_page=1)
    further = client.get_resource_blocks_page(token=str(listed.info.page_navigation_token), page_number=2)
    assert further.data == (made[1],)
    client.delete_resource_block(block_id=made[0].id)
    assert client.list_resource_blocks(start_time=START, end_time=END).data == (made[1],)


STORIES = (
    settings,
    availability,
    holds,
    bookings,
    payments,
    customers,
    linked_people,
    webhooks,
    seat_blocks,
    resource_blocks,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_client_and_sandbox_understand_each_other(client: Bookeo, story: Callable[[Bookeo], None]) -> None:
    story(client)


def test_every_method_of_the_client_has_its_part() -> None:
    told = {name for story in STORIES for name in re.findall(r"client\.(\w+)\(", inspect.getsource(story))}
    assert told | {"create_customer"} == set(EXAMPLES)
