"""HTML that the business wrote in Bookeo's back office, made safe to show."""

import html
import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "a", "h3", "h4"}
SUMMARY_LENGTH = 110
FIRST_SENTENCE = re.compile(rf".{{30,{SUMMARY_LENGTH}}}?[.!?](?=\s)")


@lru_cache(256)
def safe(source: str | None) -> SafeString:
    """The description with the few tags that carry meaning; links only to other sites, opened without a referrer."""
    cleaned = nh3.clean(
        source or "",
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        # A relative address would point into our own site.
        url_relative="deny",
    )
    return mark_safe(cleaned)  # noqa: S308  # the line above is the sanitiser


@lru_cache(256)
def summary(source: str | None) -> str:
    """The first sentence or so of a description, as plain text."""
    spaced = re.sub(r"</(p|li|h\d|div)>|<br */?>", " ", source or "", flags=re.IGNORECASE)
    text = " ".join(html.unescape(nh3.clean(spaced, tags=set(), clean_content_tags={"script", "style"})).split())
    if len(text) <= SUMMARY_LENGTH:
        return text
    sentence = FIRST_SENTENCE.match(text)
    return sentence[0] if sentence else text[:SUMMARY_LENGTH].rsplit(" ", 1)[0] + "…"
