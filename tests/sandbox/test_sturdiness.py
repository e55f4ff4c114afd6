"""No request makes the sandbox stumble: whatever comes, the answer is one that the reference describes."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import create_app
from tests.contract.doors import unwatched
from tests.sandbox.bodies import NEW_CUSTOMER, canoe, kayak, kayak_for_robin, sailing
from tests.sandbox.client import Api, Json
from tests.sandbox.conftest import NOW
from tests.sandbox.test_slots import seats_left

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["", "0", "9" * 30, "9999-12-31T23:59:59-00:00", "0001-01-01", "x_9999-12-31", "{}", "\x00", "٣"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
FIELDS = st.sampled_from(
    [
        "eventId",
        "startTime",
        "endTime",
        "customerId",
        "customer",
        "externalRef",
        "participants",
        "resources",
        "productId",
        "options",
        "privateEvent",
        "priceAdjustments",
        "promotionCodeInput",
        "giftVoucherCodeInput",
        "initialPayments",
        "source",
        "dropinCourseEnrolledEventId",
    ]
)
PARAMETERS = st.sampled_from(
    [
        "startTime",
        "endTime",
        "lastUpdatedStartTime",
        "productId",
        "itemsPerPage",
        "pageNumber",
        "pageNavigationToken",
        "mode",
        "lang",
        "searchText",
        "searchField",
        "createdSince",
        "beginDate",
        "type",
        "paymentMethod",
        "holdDurationSeconds",
        "previousHoldId",
    ]
)
LISTS = ("/availability/slots", "/bookings", "/customers", "/payments", "/settings/products", "/seatblocks")


@pytest.fixture(scope="module")
def sturdy_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One sandbox for all examples."""
    database: Path = tmp_path_factory.mktemp("sturdy") / "sandbox.sqlite3"
    app = create_app(database, data="empty", knob_values={"clock": NOW})
    yield Api(app)
    app.store.close()


@pytest.mark.bad_requests
@settings(max_examples=120, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    base=st.sampled_from([kayak(1), canoe(), sailing(1)]),
    changes=st.dictionaries(FIELDS, ODD, max_size=3),
    path=st.sampled_from(["/holds", "/bookings"]),
)
def test_odd_bodies_are_answered_properly(sturdy_api: Api, base: Json, changes: Json, path: str) -> None:
    with contextlib.suppress(UnicodeEncodeError):
        result = sturdy_api.post(path, {"customer": NEW_CUSTOMER} | base | changes, mode="backend")
        assert result.status in {201, 400, 403}


@pytest.mark.bad_requests
@settings(max_examples=120, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(LISTS), query=st.dictionaries(PARAMETERS, ODD, max_size=4))
def test_odd_queries_are_answered_properly(sturdy_api: Api, path: str, query: Json) -> None:
    with contextlib.suppress(UnicodeEncodeError):
        assert sturdy_api.get(path, **query).status in {200, 400, 403, 404}


def test_unforeseen_error_is_an_error_of_the_api(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("sandbox.placing.check", lambda *_, **__: {}["forgotten"])
    with unwatched():
        failed = api.post("/holds", kayak(1))
    assert failed.status == failed.body["httpStatus"] == 500
    assert failed.headers["Content-Type"] == "application/json"
    assert failed.message == "Internal error"
    assert failed.body["errorId"] in caplog.text
    assert "KeyError: 'forgotten'" in caplog.text


def test_unforeseen_error_leaves_nothing_half_done(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.bookings.events.publish", lambda *_, **__: {}["forgotten"])
    with unwatched():
        assert api.post("/bookings", kayak_for_robin(2)).status == 500
    monkeypatch.undo()
    assert seats_left(api) == 12
    assert api.get("/customers", searchText="robin").data == []
