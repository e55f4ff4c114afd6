"""The form of the product page: who comes, with which options. Its state is the address."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django import forms

from booking.bookeo import (
    ChoiceOption,
    NumberOption,
    OnOffOption,
    PeopleCategory,
    Product,
    ProductType,
    ResourceType,
)
from booking.forms import messages
from booking.forms.options import Option, default_value, form_value, option_field, option_parameter, shown_options
from booking.forms.problems import Problem, problems_of
from booking.services.catalogue import Offer
from booking.services.choices import Party, Wishes

STEP = re.compile(r"^([A-Za-z0-9_-]{1,40})([+-])1$")

REMEMBERED = 512
# No honest value is longer, and an address must hold them all.
LONGEST_VALUE = 100


class WishesForm(forms.Form):
    """Built from a product's limits and options; always bound, as missing values have defaults."""

    date = forms.DateField(
        label="From day",
        required=False,
        input_formats=["%Y-%m-%d"],  # as browsers send it: 12/01/2027 is another day in another country
        error_messages={"invalid": "Give a date like 2027-06-12."},
    )

    def __init__(
        self,
        query: Mapping[str, str],
        *,
        product: Product,
        categories: Mapping[str, PeopleCategory],
        resources: Iterable[ResourceType] = (),
    ) -> None:
        self.product = product
        self.category_of = {
            category_parameter(limit.people_category_id): limit.people_category_id
            for limit in product.booking_limits
            if limit.people_category_id and limit.people_category_id in categories
        }
        self.option_of = {option_parameter(o.id): o for o in shown_options(product)}
        self.given = {name: value.strip()[:LONGEST_VALUE] for name, value in query.items()}
        super().__init__(auto_id="%s")
        self._add_party_fields(categories)
        self._add_option_fields()
        self._add_resource_field(resources)
        self.data = self._with_defaults()
        self.is_bound = True

    # --- what the page shows ---------------------------------------------------------------------------------

    @property
    def party_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.category_of]

    @property
    def option_fields(self) -> list[forms.BoundField]:
        names = [*self.option_of, "resource"]
        return [self[name] for name in names if name in self.fields]

    @property
    def options_open(self) -> bool:
        """Whether the options deserve to be seen at once: one of them is set, or wrong."""
        set_ones = (str(self.data.get(n, "")) != default_value(o) for n, o in self.option_of.items())
        return any(set_ones) or bool(self.data.get("resource")) or any(f.errors for f in self.option_fields)

    def query(self, **changes: str) -> str:
        """The address of these wishes, with changes: for links to other days."""
        values = {name: str(self.data[name]) for name in self.fields if self.data.get(name) not in {None, ""}}
        values.pop("date", None)
        return urlencode(values | changes)

    def query_with_day(self, **changes: str) -> str:
        """As `query`, with the day that was asked for as it was typed."""
        day = {"date": self.given["date"]} if self.given.get("date") else {}
        return self.query(**changes, **day)

    def query_of(self, wishes: Wishes, **more: str) -> str:
        """The address of wishes that were made earlier with this product."""
        numbers, options = dict(wishes.party.numbers), dict(wishes.options)
        values = {name: str(numbers.get(category, 0)) for name, category in self.category_of.items()}
        for name, option in self.option_of.items():
            values[name] = form_value(option, options.get(option.id, ""))
        if wishes.resource_id:
            values["resource"] = wishes.resource_id
        return urlencode({name: value for name, value in values.items() if value} | more)

    def stepped(self) -> str | None:
        """The query after a press on − or + without script, or None when none was pressed."""
        match = STEP.match(self.given.get("step", ""))
        if not match or match[1] not in self.category_of:
            return None
        name, sign = match.groups()
        field = self.fields[name]
        number = _whole(self.data.get(name)) + (1 if sign == "+" else -1)
        changed = max(field.min_value, min(number, field.max_value))  # type: ignore[attr-defined]  # an IntegerField
        return self.query_with_day(**{name: str(changed)})

    # --- what was said ----------------------------------------------------------------------------------------

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if all(name in cleaned for name in self.category_of):
            self._check_total(sum(cleaned[name] for name in self.category_of))
        return cleaned

    def day_asked(self) -> dt.date | None:
        """The first day asked for, if any."""
        day: dt.date | None = self.cleaned_data.get("date")
        return day

    def to_wishes(self) -> Wishes:
        """Only after `is_valid()`."""
        cleaned = self.cleaned_data
        return Wishes(
            product_id=self.product.product_id,
            party=Party.of({category: cleaned[name] for name, category in self.category_of.items()}),
            options=tuple((option.id, self._wire_value(name, option)) for name, option in self.option_of.items()),
            resource_id=cleaned.get("resource") or "",
        )

    # --- building ---------------------------------------------------------------------------------------------

    def _add_party_fields(self, categories: Mapping[str, PeopleCategory]) -> None:
        limits = {limit.people_category_id: limit for limit in self.product.booking_limits}
        for name, category in self.category_of.items():
            limit = limits[category]
            self.fields[name] = forms.IntegerField(
                label=categories[category].name,
                min_value=limit.min,
                max_value=limit.max,
                error_messages=messages.PARTY,
            )

    def _add_option_fields(self) -> None:
        for name, option in self.option_of.items():
            self.fields[name] = option_field(option)

    def _add_resource_field(self, resources: Iterable[ResourceType]) -> None:
        if self.product.type != ProductType.FLEXIBLE_TIME:
            return
        for kind in resources:
            choices = [("", "Any that is free"), *((r.id, r.name) for r in kind.resources)]
            self.fields["resource"] = forms.ChoiceField(
                label=kind.name, choices=choices, required=False, error_messages=messages.CHOICE
            )
            return

    def _with_defaults(self) -> dict[str, str]:
        asked = any(name in self.given for name in self.category_of)
        data = {name: self.given[name] for name in self.fields if name in self.given}
        data = ({name: str(self._fewest(name)) for name in self.category_of} if asked else self._default_party()) | data
        for name, option in self.option_of.items():
            # An unticked box is not sent: only an address without a party is a first visit with defaults.
            if name not in data and not (asked and isinstance(option, OnOffOption)):
                data[name] = default_value(option)
        return data

    def _default_party(self) -> dict[str, str]:
        """The smallest party that can be booked: each category's minimum, filled up from the first one."""
        total = next((limit for limit in self.product.booking_limits if not limit.people_category_id), None)
        numbers = {name: self._fewest(name) for name in self.category_of}
        missing = max(total.min if total else 1, 1) - sum(numbers.values())
        for name, number in numbers.items():
            added = max(0, min(missing, (self.fields[name].max_value or 0) - number))  # type: ignore[attr-defined]
            numbers[name] = number + added
            missing -= added
        return {name: str(number) for name, number in numbers.items()}

    def _fewest(self, name: str) -> int:
        return self.fields[name].min_value or 0  # type: ignore[attr-defined]  # an IntegerField

    def _check_total(self, total: int) -> None:
        if total < 1:
            raise forms.ValidationError("Add at least one person.")
        limit = next((limit for limit in self.product.booking_limits if not limit.people_category_id), None)
        if limit and total < limit.min:
            raise forms.ValidationError(f"This is for at least {limit.min} people; you have {total}.")
        if limit and total > limit.max:
            raise forms.ValidationError(f"At most {limit.max} people can book together; you have {total}.")

    def _wire_value(self, name: str, option: Option) -> str:
        """Choices travel as the plain name of the value, switches as true and false (reference 7.6)."""
        value = self.cleaned_data[name]
        if isinstance(option, ChoiceOption):
            return next(choice.name for choice in option.values if choice.id == value)
        return str(value) if isinstance(option, NumberOption) else ("true" if value else "false")


@lru_cache(REMEMBERED)
def wishes_form(offer: Offer, query: tuple[tuple[str, str], ...]) -> WishesForm:
    """The checked form for an address. Many visitors ask the same, and a checked form does not change."""
    form = WishesForm(dict(query), product=offer.product, categories=offer.categories, resources=offer.resources)
    form.is_valid()
    return form


@dataclass(frozen=True, eq=False)
class PartyPanel:
    """The form at the head of the page. Immutable and told apart by identity, so that its HTML is made once."""

    form: WishesForm
    problems: list[Problem]
    today: str


@lru_cache(REMEMBERED)
def party_panel(form: WishesForm, today: dt.date) -> PartyPanel:
    return PartyPanel(form, problems_of(form), today.isoformat())


def category_parameter(category_id: str) -> str:
    """`Cadults` reads as `adults` in an address; categories of the account's own keep their id."""
    return category_id[1:] if re.fullmatch(r"C[a-z]+", category_id) else category_id


def _whole(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
