"""Keeping what every page needs remembered, so that no visitor waits for it."""

import logging

from booking.services import catalogue
from booking.services.errors import ServiceError

logger = logging.getLogger("booking.services")


def warm() -> None:
    """Refresh the settings of the account that are due. Seats are too short-lived to be worth a call of the budget."""
    try:
        for find in (
            catalogue.find_products,
            catalogue.find_people_categories,
            catalogue.find_public_resources,
            catalogue.get_business,
            catalogue.get_custom_fields,
            catalogue.find_taxes,
        ):
            find()
    except ServiceError as error:
        logger.info("warming stopped: %s", error)
