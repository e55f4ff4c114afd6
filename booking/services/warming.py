"""Keeping what every page needs remembered, so that no visitor waits for it."""

from booking.services import catalogue


def warm() -> None:
    """Refresh the settings of the account that are due. Seats are too short-lived to be worth a call of the budget.

    Raises Unavailable: what was read until then is kept, and the rest comes at the next turn.
    """
    for find in (
        catalogue.find_products,
        catalogue.find_people_categories,
        catalogue.find_public_resources,
        catalogue.get_business,
        catalogue.get_custom_fields,
        catalogue.find_taxes,
    ):
        find()
