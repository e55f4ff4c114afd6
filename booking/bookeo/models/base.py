"""The ground that all wire models stand on: naming, money, times, pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StrictInt
from pydantic.alias_generators import to_camel

T = TypeVar("T")

_DECIMAL_TEXT: Final = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")
_TIME_TEXT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,16}(Z|[+-][0-9]{2}:[0-9]{2})")


class AccountLocal(tzinfo):
    """The clock on the wall of the business, whose offset the API never tells (reference 2.4).

    A time marked with it has no offset, so Python refuses to compare it with an ordinary aware time.
    """

    def utcoffset(self, _when: datetime | None) -> timedelta | None:
        """Unknown."""
        return None

    def dst(self, _when: datetime | None) -> timedelta | None:
        """Unknown."""
        return None

    def tzname(self, _when: datetime | None) -> str:
        """The offset that Bookeo reads as local time."""
        return "-00:00"


ACCOUNT_LOCAL: Final = AccountLocal()


def time_text(moment: datetime) -> str:
    """Write a time as Bookeo reads it, to the second. A naive time is a ValueError."""
    if isinstance(moment.tzinfo, AccountLocal):
        return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "-00:00"
    if moment.utcoffset() is None:
        raise ValueError("a time needs an offset, or ACCOUNT_LOCAL")
    return moment.isoformat(timespec="seconds")


def _offset_time(value: object) -> datetime:
    moment = _any_time(value)
    if moment.utcoffset() is None:
        raise ValueError("an answer must tell its offset")
    return moment


def _any_time(value: object) -> datetime:
    if isinstance(value, str):
        return _parsed_time(value)
    if isinstance(value, datetime) and (value.utcoffset() is not None or isinstance(value.tzinfo, AccountLocal)):
        return value
    raise ValueError("not a time with an offset")


def _parsed_time(text: str) -> datetime:
    if not _TIME_TEXT.fullmatch(text):
        raise ValueError("not a time with an offset")
    if text.endswith("-00:00"):
        return datetime.fromisoformat(text.removesuffix("-00:00")).replace(tzinfo=ACCOUNT_LOCAL)
    return datetime.fromisoformat(text)


def _day(value: object) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("not a date")


def _exact_decimal(value: object) -> Decimal:
    # A JSON number with a fraction has already been rounded to binary when we see it.
    if isinstance(value, str) and _DECIMAL_TEXT.fullmatch(value):
        return Decimal(value)
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise ValueError("not an exact decimal")


def _plain_decimal(value: Decimal) -> str:
    return format(value, "f")


def _nothing_is_empty(value: object) -> object:
    return () if value is None else value


AnsweredTime = Annotated[datetime, BeforeValidator(_offset_time), PlainSerializer(time_text, return_type=str)]
"""A time that Bookeo told us: always with an offset."""

RequestedTime = Annotated[datetime, BeforeValidator(_any_time), PlainSerializer(time_text, return_type=str)]
"""A time that we tell Bookeo: with an offset, or marked ACCOUNT_LOCAL."""

FullDate = Annotated[date, BeforeValidator(_day)]
"""A day without a time."""

Many = Annotated[tuple[T, ...], BeforeValidator(_nothing_is_empty)]
"""A sequence; absent and null both read as empty."""


class WireModel(BaseModel):
    """A frozen object of Bookeo's, in our spelling; fields that we do not know are kept."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, validate_by_name=True, validate_by_alias=True
    )

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        # A field that we do not know may be personal, so it is kept but never printed.
        known = type(self).model_fields
        return [(name, value) for name, value in super().__repr_args__() if name in known]


def to_wire(model: WireModel) -> dict[str, Any]:
    """The JSON object of a model: Bookeo's names, only what was set, unknown fields included."""
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


def changed_document(model: WireModel, *, without: Collection[str] = (), **changes: object) -> dict[str, Any]:
    """The JSON object of a model that was read, with some fields replaced and some left out.

    Fields carry our names. This is the body for a PUT: whatever else Bookeo told us goes back
    unchanged (reference 4.7). A name that the model does not have is a ValueError.
    """
    document = to_wire(model)
    for name in without:
        document.pop(_wire_name(model, name), None)
    for name, value in changes.items():
        document[_wire_name(model, name)] = _wire_value(value)
    return document


def _wire_name(model: WireModel, name: str) -> str:
    field = type(model).model_fields.get(name)
    if field is None:
        message = f"{type(model).__name__} has no field {name}"
        raise ValueError(message)
    return field.serialization_alias or name


def _wire_value(value: object) -> object:
    match value:
        case WireModel():
            return to_wire(value)
        case tuple() | list():
            return [_wire_value(item) for item in value]
        case datetime():
            return time_text(value)
        case date():
            return value.isoformat()
        case _:
            return value


class Money(WireModel):
    """An exact amount in one currency. Its text on the wire is kept as it came (reference 7.1)."""

    amount: Annotated[Decimal, BeforeValidator(_exact_decimal), PlainSerializer(_plain_decimal, return_type=str)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]

    @property
    def is_zero(self) -> bool:
        """Whether nothing is to be paid."""
        return self.amount == 0

    def __add__(self, other: Money) -> Money:
        return Money(amount=self.amount + self._amount_of(other), currency=self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(amount=self.amount - self._amount_of(other), currency=self.currency)

    def _amount_of(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            message = f"{self.currency} and {other.currency} do not add up"
            raise ValueError(message)
        return other.amount


class PaginationInfo(WireModel):
    """Where a page stands among its pages, counted from 1. A single page has no token (reference 2.5)."""

    total_items: StrictInt
    total_pages: StrictInt
    current_page: StrictInt
    page_navigation_token: str | None = None


class Page(WireModel, Generic[T]):
    """One page of a list."""

    data: Many[T]
    info: PaginationInfo


class Listing(WireModel, Generic[T]):
    """A list that Bookeo does not divide into pages."""

    data: Many[T]
