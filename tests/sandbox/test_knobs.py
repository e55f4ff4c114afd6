"""Knobs: by header, by page, by program and by command line."""

import json
import time

import pytest

from sandbox import ConnectionCutError, Sandbox, clock
from sandbox.demo_products import CHARTER, KAYAK
from sandbox.knobs import KNOBS, PROFILES, KnobError, Knobs, parse
from sandbox.throttle import take
from tests.pages import parse_page
from tests.sandbox.bodies import NEW_CUSTOMER, kayak, kayak_for_robin, people
from tests.sandbox.client import Api
from tests.sandbox.conftest import NOW
from tests.sandbox.test_bookings import TODAY
from tests.sandbox.test_slots import seats_left


def raw(api: Api, path: str = "/settings/taxes") -> tuple[int, str, bytes]:
    """Status, content type and body of a GET that may be no JSON."""
    response = api.client.get(f"/v2{path}", headers=api.headers | {"X-Sandbox-Knobs": api.knobs})
    return response.status_code, response.headers["Content-Type"], response.get_data()


def test_knob_of_one_operation_leaves_others_alone(api: Api) -> None:
    api.knobs = "fail.listTaxes=503; fail.createHold=500"
    assert [api.get(f"/settings/{name}").status for name in ("taxes", "languages")] == [503, 200]
    assert api.post("/holds", kayak()).status == 500


def test_fail_does_nothing_before(api: Api) -> None:
    api.knobs = "fail.createBooking=500"
    assert api.post("/bookings", kayak_for_robin()).status == 500
    assert seats_left(api) == 12


def test_failed_429_carries_a_hint(api: Api) -> None:
    api.knobs = "fail=429"
    refused = api.get("/settings/taxes")
    assert (refused.body["retryAfter"], refused.headers["Retry-After"]) == (30, "30")


def test_failed_429_asks_for_as_long_as_it_is_told(api: Api) -> None:
    api.knobs = "fail=429;retry_after=2"
    refused = api.get("/settings/taxes")
    assert (refused.body["retryAfter"], refused.headers["Retry-After"]) == (2, "2")


def test_fail_after_does_the_work_and_keeps_quiet_about_it(api: Api) -> None:
    api.knobs = "fail_after.createBooking=503"
    assert api.post("/bookings", kayak_for_robin(2)).status == 503
    assert seats_left(api) == 10


@pytest.mark.parametrize("hint", ["header", "body", "both"])
def test_throttle_lets_a_burst_through_and_says_how_long_to_wait(api: Api, hint: str) -> None:
    api.knobs = f"throttle=3/0.1;throttle_hint={hint}"
    answers = [api.get("/settings/taxes") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert ("Retry-After" in answers[-1].headers, "retryAfter" in answers[-1].body) == (
        hint != "body",
        hint != "header",
    )
    assert Api(api.app, api_key="readonly-api-key").get("/settings/taxes").status == 200


def test_throttle_refills_with_time() -> None:
    kept, wait = take(None, 1, 2.0, 100.0)
    assert wait == 0
    assert take(kept, 1, 2.0, 100.1)[1] == pytest.approx(0.4)
    assert take(kept, 1, 2.0, 100.5)[1] == 0


@pytest.mark.parametrize(("when", "left"), [("before", 12), ("after", 10)])
def test_cut_breaks_the_connection_before_or_after_the_write(api: Api, when: str, left: int) -> None:
    api.knobs = f"cut={when}"
    with pytest.raises(ConnectionCutError):
        api.post("/holds", kayak(2))
    api.knobs = ""
    assert seats_left(api) == left


def test_garbage_is_what_no_client_expects(api: Api) -> None:
    api.knobs = "garbage=truncated"
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(raw(api)[2])
    api.knobs = "garbage=html"
    assert raw(api)[1:] == ("text/html", b"<html><body><h1>Service temporarily unavailable</h1></body></html>")
    api.knobs = "garbage=content_type"
    assert raw(api)[1] == "text/plain"
    api.knobs = "garbage=error_body"
    status, _, body = raw(api)
    assert (status, json.loads(body)["httpStatus"]) == (200, 500)


def test_unknown_fields_grow_on_objects(api: Api) -> None:
    api.knobs = "unknown=on"
    body = json.loads(raw(api)[2])
    assert all("xNewField" in tax for tax in body["data"])
    assert "xNewField" not in body
    assert json.loads(raw(api, "/settings/products")[2])["data"][0]["productId"] == KAYAK


def test_latency_and_trickle_take_their_time(api: Api) -> None:
    api.knobs = "latency=30-40;trickle=1"
    began = time.monotonic()
    status, _, body = raw(api)
    assert time.monotonic() - began >= 0.03
    assert (status, len(json.loads(body)["data"])) == (200, 2)


def test_latency_after_waits_when_the_work_is_done(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[tuple[float, int]] = []

    def sleep(seconds: float) -> None:
        (holds,) = api.app.store.connection().execute("SELECT COUNT(*) FROM hold").fetchone()
        waits.append((seconds, holds))

    monkeypatch.setattr("sandbox.faults.time.sleep", sleep)
    api.knobs = "latency.createHold=250;latency_after.createHold=500"
    api.created("/holds", kayak(2))
    assert waits == [(0.25, 0), (0.5, 1)]


def test_stale_reads_lag_behind_writes(api: Api) -> None:
    number = api.created("/bookings", kayak_for_robin(2))["bookingNumber"]
    api.knobs = "stale=60"
    assert seats_left(api) == 12
    assert api.get("/bookings", **TODAY).data == []
    booking = api.get(f"/bookings/{number}")
    assert (booking.status, api.get(f"/customers/{booking.body['customerId']}/bookings").data) == (200, [])
    assert api.post("/holds", kayak(12)).status == 403
    api.knobs = "stale=60;clock=2026-06-10T09:01:00+02:00"
    assert seats_left(api) == 10
    assert len(api.get("/bookings", **TODAY).data) == 1


def test_clock_moves_by_header(api: Api) -> None:
    api.knobs = "clock=2026-07-01T12:00:00Z"
    assert api.created("/holds", kayak(eventId="5117KY100019C0A1B2E00_2026-07-03"))["expiration"].startswith(
        "2026-07-01"
    )
    api.knobs = "clock=2026-07-01T12:00:00"
    assert api.get("/settings/taxes").status == 400


def test_clock_can_be_shifted() -> None:
    assert clock.now(Knobs({"clock": "+3600"})) - clock.now(Knobs()) == pytest.approx(3600, abs=2)
    assert clock.now(Knobs({"clock": "-60"})) < clock.now(Knobs())


def test_wrong_knobs_are_refused_in_words(api: Api) -> None:
    for wrong in (
        "speed=9",
        "fail=200",
        "cut=often",
        "latency",
        "chaos=cut_after",
        "chaos=cut_after=2",
        "chaos=rain=1",
    ):
        api.knobs = wrong
        refused = api.get("/settings/taxes")
        assert refused.status == 400
        assert "knob" in refused.message


def test_profiles_and_parsing() -> None:
    for values in PROFILES.values():
        assert parse(f"{name}={value}" for name, value in values.items()) == values
    with pytest.raises(KnobError, match="no knob called wrong"):
        parse(["wrong=1"])
    assert Knobs({"latency": "5", "latency.createHold": "9"}, "createHold").get("latency") == "9"


def test_knobs_are_set_by_program_for_everybody(app: Sandbox, api: Api) -> None:
    before = api.client.get("/clock").get_json()
    assert (
        api.client.post("/knobs", json={"fail": "503", "clock": "2026-06-10T09:00:00+02:00"}).get_json()["fail"]
        == "503"
    )
    assert Api(app).get("/settings/taxes").status == 503
    assert api.client.post("/knobs", json={"fail": "fine"}).status_code == 400
    assert api.client.post("/knobs", json={"fail": 503}).status_code == 400
    assert api.client.post("/knobs", json={"fail.bookCreate": "503"}).status_code == 400
    assert api.client.post("/knobs", json={}).status_code == 200
    assert Api(app).get("/settings/taxes").status == 200
    assert before["now"] == "2026-06-10T09:00:00+02:00"


def test_clock_is_set_by_program_and_keeps_other_knobs(api: Api) -> None:
    api.client.post("/knobs", json={"unknown": "on"})
    assert api.client.post("/clock", json={"clock": "2026-12-24T18:00:00+01:00"}).get_json() == {
        "now": "2026-12-24T18:00:00+01:00"
    }
    assert "xNewField" in json.loads(raw(api)[2])["data"][0]
    assert api.client.post("/clock", json={"clock": "2026-12-24"}).status_code == 400
    assert api.client.get("/clock").get_json() == {"now": "2026-12-24T18:00:00+01:00"}
    assert api.client.post("/clock", json={"clock": ""}).get_json()["now"] > "2026-12-24"[:4]


def test_page_shows_every_knob_and_its_form_sets_them(app: Sandbox, api: Api) -> None:
    page = api.client.get("/knobs").get_data(as_text=True)
    assert all(f'name="{name}"' in page for name in KNOBS)
    form = {"fail": "503", "latency": "", "throttle_hint": "body", "more": "cut.createHold=before\n"}
    assert api.client.post("/knobs", data=form).headers["Location"] == "/knobs"
    assert Api(app).get("/settings/taxes").status == 503
    page = api.client.get("/knobs").get_data(as_text=True)
    assert 'value="503"' in page
    assert '<option value="body" selected>' in page
    assert "cut.createHold=before" in page
    api.client.post("/knobs", data={"profile": "quick"})
    assert Api(app).get("/settings/taxes").status == 200
    assert api.client.post("/knobs", data={"fail": "fine"}).status_code == 400


def test_other_sites_cannot_turn_knobs(api: Api) -> None:
    for origin, status in (("https://elsewhere.example.com", 403), ("http://localhost", 200)):
        answer = api.client.post("/knobs", json={}, headers={"Origin": origin})
        assert answer.status_code == status


@pytest.mark.parametrize(("decision", "state"), [("accept", (True, False)), ("deny", (False, True))])
def test_staff_accept_or_deny_a_waiting_booking(api: Api, decision: str, state: tuple[bool, bool]) -> None:
    body = {
        "productId": CHARTER,
        "eventId": "5117CHD00019C0A1B2E00_2026-06-13",
        "participants": people(Cadults=5),
        "customer": NEW_CUSTOMER,
    }
    number = api.created("/bookings", body)["bookingNumber"]
    assert number in api.client.get("/knobs").get_data(as_text=True)
    api.client.post("/waiting", data={"decision": decision, "bookingNumber": number})
    booking = api.get(f"/bookings/{number}").body
    assert (booking["accepted"], booking["canceled"]) == state
    assert (booking["lastChangeAgent"], booking["lastChangeTime"]) == ("Front desk", NOW)
    assert number not in api.client.get("/knobs").get_data(as_text=True)
    assert api.client.post("/waiting", data={"decision": decision, "bookingNumber": "1"}).status_code == 400


def test_front_page_health_and_pictures(api: Api) -> None:
    page = api.client.get("/").get_data(as_text=True)
    for expected in ("sandbox-secret", "readonly-api-key", "demo-guest", "KAYAK-FREE", 'href="/knobs"'):
        assert expected in page
    assert api.client.get("/health").get_json() == {"status": "ok", "sandbox": True}
    picture = api.client.get("/images/kayak.svg")
    again = api.client.get("/images/kayak.svg", headers={"If-None-Match": picture.headers["ETag"]})
    assert (picture.status_code, again.status_code) == (200, 304)
    assert api.client.get("/page.css").mimetype == "text/css"
    for path in ("/images/none.svg", "/images/..%2f__init__.py", "/images/", "/nothing"):
        assert api.client.get(path).status_code == 404
    assert {response.headers["X-Sandbox"] for response in (picture, again)} == {"1"}


@pytest.mark.parametrize("path", ["/", "/knobs"])
def test_pages_are_well_formed(lively_api: Api, path: str) -> None:
    assert parse_page(lively_api.client.get(path).get_data(as_text=True)).forms or path == "/"
