"""Settings operations (reference 6.6, 7)."""

import pytest

from sandbox.demo_products import CANOE, CHARTER, KAYAK, STAFF
from tests.sandbox.client import Api


def test_products_are_all_there_and_say_what_they_are(api: Api) -> None:
    products = {product["productCode"]: product for product in api.get("/settings/products").data}
    assert list(products) == ["KAYAK", "SAIL4", "CANOE", "PADDLE", "RIDGE", "SUNSET", "CHARTER", "YOGA", "STAFF", "ZIP"]
    flags = {
        code: {
            flag
            for flag in ("membersOnly", "prepaidOnly", "acceptDeny", "apiBookingsAllowed", "allowPrivateEvents")
            if product[flag]
        }
        - {"apiBookingsAllowed"}
        for code, product in products.items()
    }
    assert flags["SUNSET"] == {"membersOnly"}
    assert flags["YOGA"] == {"prepaidOnly"}
    assert flags["CHARTER"] == {"acceptDeny", "allowPrivateEvents"}
    assert not products["STAFF"]["apiBookingsAllowed"]
    assert "defaultRates" not in products["CHARTER"]
    assert "images" not in products["STAFF"]


def test_kayak_has_options_of_all_four_kinds(api: Api) -> None:
    kayak = api.get("/settings/products").data[0]
    assert kayak["productId"] == KAYAK
    kinds = ("choiceOptions", "numberOptions", "onOffOptions", "textOptions")
    assert [kayak[kind][0]["name"] for kind in kinds] == [
        "Kayaks",
        "Picnic boxes",
        "Wetsuits for everyone",
        "Hotel for pick-up",
    ]
    assert kayak["numberOptions"][0]["maxValue"] == 12


@pytest.mark.bad_requests
def test_products_are_filtered_by_type(api: Api) -> None:
    assert [product["productId"] for product in api.get("/settings/products", type="flexibleTime").data] == [CANOE]
    assert api.get("/settings/products", type="other").status == 400


def test_products_come_in_the_language_asked_for(api: Api) -> None:
    assert api.get("/settings/products", lang="it-IT").data[0]["name"] == "Giro in kayak alle isole"


def test_products_keep_their_ids(api: Api) -> None:
    ids = {product["productId"] for product in api.get("/settings/products").data}
    assert {KAYAK, CHARTER, STAFF} <= ids
    assert all(len(product_id) == 21 for product_id in ids)


def test_pictures_of_products_exist(api: Api) -> None:
    for product in api.get("/settings/products").data:
        for image in product.get("images", []):
            picture = api.client.get(image["url"].removeprefix("http://localhost"))
            assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
            assert "max-age" in picture.headers["Cache-Control"]


def test_custom_fields_have_all_four_kinds_and_one_is_not_for_customers(api: Api) -> None:
    body = api.get("/settings/customercustomfields").body
    assert set(body) == {"choiceFields", "numberFields", "onOffFields", "textFields"}
    hidden = [field["name"] for kind in body.values() for field in kind if not field["shownToCustomers"]]
    assert hidden == ["Note from the desk"]


def test_one_resource_type_is_not_public(api: Api) -> None:
    kinds = {kind["name"]: kind["isPublic"] for kind in api.get("/settings/resources").data}
    assert kinds == {"Canoe": True, "Boat": True, "Rescue boat": False}


def test_business_keys_and_small_lists(api: Api) -> None:
    assert api.get("/settings/business").body["name"] == "Harbour & Hills"
    assert "bookings_rw_all" in api.get("/settings/apikeyinfo").body["permissions"]
    assert [category["numSeats"] for category in api.get("/settings/peoplecategories").body["categories"]] == [
        1,
        1,
        0,
        1,
    ]
    assert [tag["tag"] for tag in api.get("/settings/languages").data if tag["customersDefault"]] == ["en-US"]
