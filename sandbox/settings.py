"""Settings operations (reference 6.6): what the business is made of, in the language of the answer."""

from __future__ import annotations

from datetime import date, time
from typing import get_args

from sandbox.call import Answer, Call, Json
from sandbox.catalogue import Product, ProductType
from sandbox.errors import bad_request
from sandbox.moments import local_moment
from sandbox.paging import listing
from sandbox.questions import Choice, CustomField, Option
from sandbox.routes import Handler, Route

_INSTALLED = (date(2026, 5, 20), time(10, 12, 44))


def api_key_info(call: Call) -> Answer:
    """GET /settings/apikeyinfo."""
    created = call.time(local_moment(*_INSTALLED, call.account.zone))
    body = {"accountId": call.account.id, "permissions": list(call.key.permissions), "creationTime": created}
    return Answer(body=body)


def business(call: Call) -> Answer:
    """GET /settings/business: no time zone, no currency (reference 7.2)."""
    return Answer(
        body={
            "id": call.account.id,
            "name": call.account.name,
            "legalIdentifiers": "VAT EXAMPLE-000",
            "phoneNumbers": [{"number": "+39 0555 010199", "type": "work"}],
            "websiteURL": "https://www.example.com",
            "emailAddress": "hello@example.com",
            "streetAddress": {
                "address1": "Old Boathouse, Pier 3",
                "city": "Lindmere",
                "countryCode": "IT",
                "postcode": "00000",
            },
            "logo": {"url": f"{call.request.host_url}images/logo.svg"},
            "description": call.text(call.account.description),
        }
    )


def languages(call: Call) -> Answer:
    """GET /settings/languages."""
    account = call.account
    return Answer(
        body={
            "data": [
                {"tag": known.tag, "name": known.name, "customersDefault": known.tag == account.customer_language}
                for known in account.languages
            ]
        }
    )


def people_categories(call: Call) -> Answer:
    """GET /settings/peoplecategories: the array is called categories."""
    categories = call.account.categories
    return Answer(
        body={
            "categories": [
                {"name": call.text(category.name), "id": category.id, "numSeats": category.seats}
                for category in categories
            ]
        }
    )


def taxes(call: Call) -> Answer:
    """GET /settings/taxes."""
    data = [{"id": tax.id, "name": call.text(tax.name), "enabled": True} for tax in call.account.taxes]
    return Answer(body={"data": data})


def resources(call: Call) -> Answer:
    """GET /settings/resources."""
    return listing(call, "resources", 100, lambda: _resource_types(call))


def _resource_types(call: Call) -> list[Json]:
    return [
        {
            "name": call.text(kind.name),
            "id": kind.id,
            "isPublic": kind.is_public,
            "resources": [{"name": call.text(name), "id": resource_id} for resource_id, name in kind.resources],
        }
        for kind in call.account.resource_types
    ]


def custom_fields(call: Call) -> Answer:
    """GET /settings/customercustomfields: an array for each kind that exists."""
    body: Json = {}
    for field in call.account.custom_fields:
        body.setdefault(f"{field.kind}Fields", []).append(_custom_field(call, field))
    return Answer(body=body)


def _custom_field(call: Call, field: CustomField) -> Json:
    rendered: Json = {
        "id": field.id,
        "name": call.text(field.name),
        "shownToCustomers": field.shown_to_customers,
        "forCustomer": field.for_customer,
        "forParticipants": field.for_participants,
        "index": field.index,
    }
    if field.description:
        rendered["description"] = call.text(field.description)
    return rendered | _kind_members(call, field)


def _kind_members(call: Call, field: CustomField | Option) -> Json:
    if field.kind == "choice":
        return {"values": [_choice(call, choice) for choice in field.choices]}
    if field.kind == "number":
        return {"minValue": field.minimum, "maxValue": field.maximum, "defaultValue": field.default}
    return {"defaultState": False} if field.kind == "onOff" else {}


def _choice(call: Call, choice: Choice) -> Json:
    return {"id": choice.id, "name": call.text(choice.name)}


def products(call: Call) -> Answer:
    """GET /settings/products, also those that the API cannot book (they say so)."""
    wanted = call.query("type")
    if wanted is not None and wanted not in get_args(ProductType):
        raise bad_request("Invalid value for type")
    kinds = [product for product in call.account.products if wanted in (None, product.type)]
    return listing(call, "products", 100, lambda: [_product(call, product) for product in kinds])


def _product(call: Call, product: Product) -> Json:
    rendered: Json = {"name": call.text(product.name), "description": call.text(product.description)}
    if product.picture:
        rendered["images"] = [{"url": f"{call.request.host_url}images/{product.picture}"}]
    rendered |= {
        "productId": product.id,
        "productCode": product.code,
        "bookingLimits": [_limit(limit.category, limit.minimum, limit.maximum) for limit in product.limits],
    }
    if product.rates:
        rendered["defaultRates"] = [_rate(call, product, index) for index in range(len(product.rates))]
    return rendered | _product_flags(product) | _options(call, product)


def _limit(category: str | None, least: int, most: int) -> Json:
    return ({"peopleCategoryId": category} if category else {}) | {"min": least, "max": most}


def _rate(call: Call, product: Product, index: int) -> Json:
    category, amount = product.rates[index]
    return ({"peopleCategoryId": category} if category else {}) | {"price": call.money(amount)}


def _product_flags(product: Product) -> Json:
    return {
        "duration": {"days": product.days, "hours": product.hours, "minutes": product.minutes},
        "type": product.type,
        "membersOnly": product.members_only,
        "prepaidOnly": product.prepaid_only,
        "acceptDeny": product.accept_deny,
        "apiBookingsAllowed": product.api_bookings_allowed,
        "dropInOnly": product.drop_in_only,
        "allowPrivateEvents": product.allow_private_events,
    }


def _options(call: Call, product: Product) -> Json:
    rendered: Json = {}
    for option in product.options:
        rendered.setdefault(f"{option.kind}Options", []).append(_option(call, option))
    return rendered


def _option(call: Call, option: Option) -> Json:
    rendered = _kind_members(call, option) | {"id": option.id, "name": call.text(option.name)}
    if option.description:
        rendered["description"] = call.text(option.description)
    if option.default_choice:
        rendered["defaultValueId"] = option.default_choice
    if option.kind == "text":
        rendered["required"] = option.required
    return rendered | {"index": option.index, "shownToCustomers": True, "enabled": True}


_OPERATIONS: tuple[tuple[str, str, Handler], ...] = (
    ("apikeyinfo", "getApiKeyInfo", api_key_info),
    ("business", "getBusiness", business),
    ("customercustomfields", "getCustomerCustomFields", custom_fields),
    ("languages", "listLanguages", languages),
    ("peoplecategories", "listPeopleCategories", people_categories),
    ("products", "listProducts", products),
    ("resources", "listResources", resources),
    ("taxes", "listTaxes", taxes),
)
ROUTES = [Route("GET", f"/settings/{path}", operation, handler) for path, operation, handler in _OPERATIONS]
