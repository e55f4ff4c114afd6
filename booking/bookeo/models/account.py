"""The business behind an API key (reference 7.1, 7.2)."""

from __future__ import annotations

from pydantic import Field, StrictBool

from booking.bookeo.models.base import AnsweredTime, Many, WireModel
from booking.bookeo.models.catalogue import Image
from booking.bookeo.models.people import PhoneNumber, StreetAddress


class ApiKeyInfo(WireModel):
    """Whose key it is and what it may do."""

    account_id: str
    permissions: Many[str]
    creation_time: AnsweredTime


class Business(WireModel):
    """Contact details. ``description`` is HTML of the business: sanitise it."""

    id: str
    name: str
    legal_identifiers: str | None = None
    phone_numbers: Many[PhoneNumber] = ()
    website_url: str | None = Field(default=None, alias="websiteURL")
    email_address: str | None = None
    street_address: StreetAddress | None = None
    logo: Image | None = None
    description: str | None = None


class Language(WireModel):
    """A language of the account, for example en-US."""

    tag: str
    name: str
    customers_default: StrictBool = False


class Tax(WireModel):
    """A tax of the business."""

    id: str
    name: str
    enabled: StrictBool = True
