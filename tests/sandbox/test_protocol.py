"""Keys, languages, errors, times and pages: what every operation shares (reference 2)."""

import gzip
import re
from pathlib import Path

import pytest

from sandbox import Sandbox, create_app
from tests.contract.document import operations
from tests.sandbox.bodies import kayak
from tests.sandbox.client import Api

SLOTS = "/availability/slots"
JUNE = {"startTime": "2026-06-01T00:00:00-00:00", "endTime": "2026-06-30T23:59:59-00:00"}


@pytest.mark.bad_requests
def test_keys_are_needed_and_both_must_be_right(app: Sandbox) -> None:
    for headers in (
        {},
        {"X-Bookeo-secretKey": "sandbox-secret"},
        {"X-Bookeo-secretKey": "sandbox-secret", "X-Bookeo-apiKey": "nobody"},
        {"X-Bookeo-secretKey": "guessed", "X-Bookeo-apiKey": "sandbox-api-key"},
    ):
        api = Api(app)
        api.headers = headers
        result = api.get("/settings/taxes")
        assert (result.status, result.message) == (401, "Invalid API key or secret key")


def test_keys_may_come_in_the_query(app: Sandbox) -> None:
    api = Api(app)
    api.headers = {}
    assert api.get("/settings/taxes", secretKey="sandbox-secret", apiKey="sandbox-api-key").status == 200


def test_refusal_repeats_status_and_has_an_error_id(api: Api) -> None:
    refused = api.get("/holds/unknown")
    assert refused.body["httpStatus"] == refused.status == 404
    assert re.fullmatch(r"\d+K\d{12}[A-Z0-9]{5}", refused.body["errorId"])


def test_answers_may_not_be_cached_and_name_their_language(api: Api) -> None:
    answer = api.get("/settings/taxes", lang="it-IT")
    assert answer.headers["Content-Language"] == "it-IT"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Expires"] == "Fri, 01 Jan 1990 00:00:00 GMT"
    assert answer.headers["X-Sandbox"] == "1"
    assert answer.data[0]["name"] == "IVA 10%"


def test_answers_are_compressed_for_whoever_likes_that(api: Api) -> None:
    plain = api.client.get("/v2/settings/products", headers=api.headers)
    small = api.client.get("/v2/settings/products", headers=api.headers | {"Accept-Encoding": "br, gzip"})
    assert (plain.headers.get("Content-Encoding"), small.headers["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(small.get_data()) == plain.get_data()
    assert int(small.headers["Content-Length"]) == len(small.get_data()) < len(plain.get_data()) / 2
    short = api.client.get("/v2/settings/taxes", headers=api.headers | {"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in short.headers


@pytest.mark.parametrize(
    ("lang", "expected"), [(None, "it-IT"), ("userDefault", "it-IT"), ("customerDefault", "en-US"), ("en-US", "en-US")]
)
def test_language_defaults_to_that_of_the_staff(app: Sandbox, lang: str | None, expected: str) -> None:
    assert Api(app, lang=lang).get("/settings/taxes").headers["Content-Language"] == expected


def test_unsupported_language_is_refused(api: Api) -> None:
    assert api.get("/settings/taxes", lang="de-DE").status == 400


@pytest.mark.bad_requests
def test_unknown_paths_methods_and_media_types_are_refused(api: Api) -> None:
    client = api.client
    assert client.get("/v2/nothing", headers=api.headers).status_code == 404
    wrong_method = client.patch("/v2/bookings", headers=api.headers)
    assert (wrong_method.status_code, wrong_method.headers["Allow"]) == (405, "GET, HEAD, POST")
    body = {"data": "productId=1", "content_type": "application/x-www-form-urlencoded"}
    assert client.post("/v2/holds", headers=api.headers, **body).status_code == 415
    assert client.get("/v2/settings/taxes", headers=api.headers | {"Accept": "text/csv"}).status_code == 406
    broken = client.post("/v2/holds", headers=api.headers, data="{", content_type="application/json")
    assert (broken.status_code, broken.get_json()["message"]) == (400, "The body is not valid JSON")


@pytest.mark.bad_requests
def test_unknown_fields_nulls_and_loose_types_are_refused(api: Api) -> None:
    for wrong, place in (
        ({"participant": 1}, "participant"),
        ({"externalRef": None}, "null"),
        ({"privateEvent": "true"}, "privateEvent"),
        ({"externalRef": "x" * 65}, "externalRef"),
    ):
        refused = api.post("/holds", kayak(**wrong))
        assert refused.status == 400
        assert place in refused.message


@pytest.mark.bad_requests
def test_missing_field_is_named(api: Api) -> None:
    assert api.post("/holds", {"eventId": "x"}).message.startswith("Missing required field: productId")


def test_key_without_permission_is_refused_and_reads_what_it_may(app: Sandbox) -> None:
    reader = Api(app, api_key="readonly-api-key")
    assert reader.get(SLOTS, **JUNE).status == 200
    for refused in (
        reader.post("/holds", kayak()),
        reader.get("/customers"),
        reader.post("/bookings", kayak()),
    ):
        assert (refused.status, refused.message) == (403, "This application is not authorized to access this resource")


def test_keys_may_be_made_with_any_permissions(tmp_path: Path) -> None:
    app = create_app(
        tmp_path / "sandbox.sqlite3", data="empty", more_keys={"desk": ["customers_rw_all", "blocks_r_all"]}
    )
    desk = Api(app, api_key="desk")
    assert desk.get("/settings/apikeyinfo").body["permissions"] == ["customers_rw_all", "blocks_r_all"]
    assert [desk.get(path, **JUNE).status for path in ("/seatblocks", "/bookings", SLOTS)] == [200, 403, 403]
    assert (desk.post("/customers", {}).status, desk.get("/payments").status) == (201, 403)


def test_local_offset_means_the_zone_of_the_business(api: Api) -> None:
    day = {"productId": "5117YOGAPI19C0A1B2D08"}
    local = api.get(SLOTS, startTime="2026-06-12T07:30:00-00:00", endTime="2026-06-12T07:30:00-00:00", **day)
    utc = api.get(SLOTS, startTime="2026-06-12T05:30:00Z", endTime="2026-06-12T05:30:00+00:00", **day)
    assert local.data == utc.data
    assert [slot["startTime"] for slot in local.data] == ["2026-06-12T07:30:00+02:00"]


def test_offsets_follow_daylight_saving(api: Api) -> None:
    change = {"startTime": "2026-10-24T00:00:00-00:00", "endTime": "2026-10-25T23:59:59-00:00"}
    slots = api.get(SLOTS, productId="5117YOGAPI19C0A1B2D08", **change).data
    assert [slot["startTime"] for slot in slots] == ["2026-10-24T07:30:00+02:00", "2026-10-25T07:30:00+01:00"]


@pytest.mark.bad_requests
@pytest.mark.parametrize("text", ["2026-06-12", "2026-06-12T10:00:00", "2026-06-12T10:00:00 02:00", "soon"])
def test_times_without_an_offset_are_refused(api: Api, text: str) -> None:
    assert api.get(SLOTS, startTime=text, endTime=text).status == 400


def test_range_of_31_days_is_the_longest(api: Api) -> None:
    start = "2026-07-01T00:00:00-00:00"
    assert api.get(SLOTS, startTime=start, endTime="2026-08-01T00:00:00-00:00").status == 200
    refused = api.get(SLOTS, startTime=start, endTime="2026-08-01T00:00:01-00:00")
    assert (refused.status, refused.message) == (400, "The maximum date range is 31 days")
    assert api.get(SLOTS, startTime=start, endTime="2026-06-30T00:00:00-00:00").status == 400


def test_31_days_over_a_clock_change_are_31_days(api: Api) -> None:
    result = api.get(SLOTS, startTime="2026-10-01T00:00:00-00:00", endTime="2026-11-01T00:00:00-00:00")
    assert result.status == 200


def test_pages_are_frozen_and_complete(api: Api) -> None:
    everything = api.get(SLOTS, itemsPerPage=300, **JUNE)
    first = api.get(SLOTS, itemsPerPage=100, **JUNE)
    api.created("/holds", kayak())
    total = first.body["info"]["totalPages"]
    rest = [api.get(SLOTS, pageNavigationToken=first.token, pageNumber=number) for number in range(2, total + 1)]
    assert [slot for page in (first, *rest) for slot in page.data] == everything.data
    assert [page.body["info"]["currentPage"] for page in rest] == list(range(2, total + 1))
    assert {page.token for page in rest} == {first.token}


def test_single_page_has_no_token(api: Api) -> None:
    assert "pageNavigationToken" not in api.get("/settings/products").body["info"]


def test_page_token_lives_half_an_hour(api: Api) -> None:
    token = api.get(SLOTS, itemsPerPage=1, **JUNE).token
    api.knobs = "clock=2026-06-10T09:29:59+02:00"
    assert api.get(SLOTS, pageNavigationToken=token, pageNumber=2).status == 200
    api.knobs = "clock=2026-06-10T09:30:00+02:00"
    assert api.get(SLOTS, pageNavigationToken=token, pageNumber=2).status == 404


def test_page_token_belongs_to_its_list_and_key(app: Sandbox, api: Api) -> None:
    token = api.get(SLOTS, itemsPerPage=1, **JUNE).token
    assert api.get("/bookings", pageNavigationToken=token).status == 404
    assert Api(app, api_key="readonly-api-key").get(SLOTS, pageNavigationToken=token).status == 404
    assert api.get(SLOTS, pageNavigationToken="unknown").status == 404


@pytest.mark.bad_requests
@pytest.mark.parametrize(("path", "largest"), [(SLOTS, 300), ("/bookings", 100), ("/customers", 100)])
def test_page_size_has_a_limit(api: Api, path: str, largest: int) -> None:
    assert api.get(path, itemsPerPage=largest, **JUNE).status == 200
    for wrong in (largest + 1, 0, "many"):
        assert api.get(path, itemsPerPage=wrong, **JUNE).status == 400


def test_page_number_needs_a_token(api: Api) -> None:
    assert api.get(SLOTS, pageNumber=2, **JUNE).status == 400


@pytest.mark.bad_requests
def test_flags_are_the_words_true_and_false(api: Api) -> None:
    assert api.get("/bookings", includeCanceled="1", **JUNE).status == 400


def test_operations_of_the_document_all_exist(app: Sandbox) -> None:
    described = {operation.name for operation in operations()}
    subaccounts = {"listSubaccounts", "createSubaccountApiKey", "deleteSubaccountApiKey"}
    known = {rule.endpoint.operation for rule in app.urls.iter_rules()}
    assert known == described - subaccounts
