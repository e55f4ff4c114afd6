"""The business's own rules that the API does not tell (reference 9): they are settings."""

from django.conf import settings

from booking.bookeo import Product


def asks_who_is_coming(product: Product) -> bool:
    """Whether participants of this product are asked for by name."""
    asked = settings.PARTICIPANTS_ASKED_FOR
    return "*" in asked or product.product_code in asked or product.product_id in asked
