"""Rendering what cannot change, once."""

from functools import lru_cache

from django import template
from django.template.loader import get_template

register = template.Library()

REMEMBERED = 1024


@register.simple_tag
@lru_cache(REMEMBERED)
def frozen(template_name: str, value: object) -> str:
    """`template_name` rendered with `value` alone, remembered for as long as the same object is shown.

    For immutable values that many visitors see, such as a day with its times. They are told apart by identity
    (`eq=False`), so looking one up costs nothing, and a new answer from Bookeo is a new object.
    """
    return get_template(template_name).render({"value": value})
