from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import responses

from booking.services import catalogue
from booking.services.errors import NotFound, ServiceError, Unavailable
from tests.bookeo.samples import payload
from tests.services.answers import KAYAK, answer, error


def test_products_closed_to_the_api_are_not_offered(bookeo: responses.RequestsMock) -> None:
    document = payload("settings.products")
    document["data"][0]["apiBookingsAllowed"] = False
    answer(bookeo, "GET", "/settings/products", document)

    assert KAYAK not in {product.product_id for product in catalogue.find_products()}
    with pytest.raises(NotFound):
        catalogue.get_product(KAYAK)


def test_many_readers_ask_once(bookeo: responses.RequestsMock) -> None:
    answer(bookeo, "GET", "/settings/products", "settings.products")
    with ThreadPoolExecutor(20) as pool:
        found = set(pool.map(lambda _: catalogue.find_products(), range(20)))

    assert len(found) == 1
    assert len(bookeo.calls) == 1


def test_language_is_always_sent(bookeo: responses.RequestsMock) -> None:
    answer(bookeo, "GET", "/settings/business", "settings.business")
    catalogue.get_business()
    assert bookeo.calls[0].request.params["lang"] == "en-US"


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_refusals_become_unavailable_and_are_logged_with_their_id(
    bookeo: responses.RequestsMock, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    answer(bookeo, "GET", "/settings/taxes", error(status, "no"), status=status)
    with pytest.raises(Unavailable):
        catalogue.find_taxes()
    assert "1590K260714090835NE6X7" in caplog.text
    assert "canary" not in caplog.text


def test_failure_is_not_remembered(bookeo: responses.RequestsMock) -> None:
    answer(bookeo, "GET", "/settings/taxes", error(400, "no"), status=400)
    with pytest.raises(ServiceError):
        catalogue.find_taxes()
    bookeo.replace("GET", "https://api.bookeo.test/v2/settings/taxes", json=payload("settings.taxes"))
    assert [tax.name for tax in catalogue.find_taxes().values()] == ["VAT 20%"]


@pytest.mark.parametrize("trouble", [requests.ConnectTimeout(), requests.ReadTimeout(), requests.exceptions.SSLError()])
def test_silence_becomes_unavailable(bookeo: responses.RequestsMock, trouble: Exception) -> None:
    bookeo.add("GET", "https://api.bookeo.test/v2/settings/business", body=trouble)
    with pytest.raises(Unavailable):
        catalogue.get_business()
