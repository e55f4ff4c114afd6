"""What Bookeo would say, from the saved payloads."""

from typing import Any

import responses

from tests.bookeo.samples import payload
from tests.services.conftest import BASE

KAYAK = "4151KAYK7R18E08BF0DBF"
SAILING = "4151SALX9E18E0E10F110"


def answer(mock: responses.RequestsMock, method: str, path: str, body: Any, status: int = 200) -> None:
    """Expect one call or more; `body` is JSON, or the name of a saved payload."""
    document = payload(body) if isinstance(body, str) else body
    mock.add(method, BASE + path, json=document, status=status)


def products(mock: responses.RequestsMock) -> None:
    """The products of the sample account."""
    answer(mock, "GET", "/settings/products", "settings.products")


def catalogue(mock: responses.RequestsMock) -> None:
    """The products and the people categories of the sample account."""
    products(mock)
    answer(mock, "GET", "/settings/peoplecategories", "settings.peoplecategories")


def error(status: int, message: str) -> dict[str, Any]:
    return {"httpStatus": status, "message": message, "errorId": "1590K260714090835NE6X7"}


def listing(*items: Any) -> dict[str, Any]:
    return {"data": list(items), "info": {"totalItems": len(items), "totalPages": 1, "currentPage": 1}}
