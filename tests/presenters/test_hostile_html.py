"""Whatever the business, or somebody who got at its account, writes: the page runs none of it."""

import re
from html.parser import HTMLParser

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from booking.presenters import html

HARMLESS = {"lang", "title"}
pieces = st.sampled_from(
    [
        "<script>",
        "</script>",
        "<svg onload=x()>",
        "<math><mtext>",
        "<style>",
        "<img src=x onerror=x()>",
        "<iframe>",
        "<a href='javascript:x()'>",
        "<a href=' java\tscript:x()'>",
        "<a href='https://example.com/'>",
        "<a href='/in'>",
        "<a href='//evil.example'>",
        "<a href='data:text/html,x'>",
        "<p hx-get=/x hx-trigger=load>",
        "<b onclick=x()>",
        "<p data-x='1' class='btn' id='when' style='position:fixed'>",
        "<form action=/x>",
        "<template>",
        "<base href=/>",
        "<noscript><p title='</noscript><img src=x onerror=x()>'>",
        "&lt;script&gt;",
        "<!-- <p> -->",
        "<![CDATA[",
        "\0",
        "<meta http-equiv=refresh content=0>",
        "<object data=x>",
        "<input autofocus onfocus=x()>",
        "<p",
        "'",
        '"',
        "text",
    ]
)


class Seen(HTMLParser):
    """Collects every tag with its attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _is_harmless(source: str) -> bool:
    return all(
        tag in html.TAGS
        and set(attributes) <= (HARMLESS | {"href", "rel"} if tag == "a" else HARMLESS)
        and re.match(r"https://|mailto:|tel:", attributes.get("href") or "https://")
        for tag, attributes in Seen(source).tags
    )


@given(source=st.lists(pieces, max_size=8).map("".join))
def test_only_the_tags_that_carry_meaning_come_through(source: str) -> None:
    safe = html.safe(source)
    assert _is_harmless(safe)
    assert _is_harmless(html.safe(safe))
    assert "<!--" not in safe


@given(source=st.lists(pieces, max_size=8).map("".join))
def test_summary_is_text_and_stays_so_when_it_is_escaped(source: str) -> None:
    summary = html.summary(source)
    assert not Seen(escape(summary)).tags
    assert "\n" not in summary


@pytest.mark.parametrize("address", ["/checkout/x/", "//evil.example/", "?x=1", "#when", "javascript:x()", "http://a/"])
def test_links_into_our_site_or_to_programs_are_cut(address: str) -> None:
    assert "href" not in html.safe(f'<a href="{address}">here</a>')


@pytest.mark.parametrize("address", ["https://example.com/map", "mailto:a@example.com", "tel:+390555010199"])
def test_links_to_other_places_open_without_a_trace(address: str) -> None:
    safe = html.safe(f'<a href="{address}" target="_top" rel="opener">here</a>')
    ((_, attributes),) = Seen(safe).tags
    assert attributes == {"href": address, "rel": "noopener noreferrer nofollow"}


def test_what_stood_inside_a_script_is_not_text() -> None:
    assert html.safe("<script>alert(1)</script><style>p{}</style>after") == "after"
    assert html.summary("<p>Before</p><script>alert(1)</script><style>p{}</style>") == "Before"


def test_safe_text_is_marked_as_such_and_escapes_what_is_text() -> None:
    safe = html.safe("5 &lt; 6 & <b>7</b>")
    assert safe == "5 &lt; 6 &amp; <b>7</b>"
    assert hasattr(safe, "__html__")


def test_summary_ends_with_a_sentence_where_it_can() -> None:
    first = "A walk along the ridge that takes all morning, with breakfast."
    assert html.summary(f"<p>{first}</p><p>{'More words follow here. ' * 10}</p>") == first
    assert html.summary(f"Hi! {first} {'More words. ' * 20}").startswith("Hi! A walk")
    assert html.summary("Caf&eacute; &amp; cake") == "Café & cake"
