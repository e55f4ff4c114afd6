"""HTML parsed by the letter: html5lib's tree in Beautiful Soup, together with every parse error."""

import re
from collections.abc import Iterator

import html5lib
from bs4 import BeautifulSoup, Tag
from bs4.builder._html5lib import HTML5TreeBuilder
from bs4.element import NavigableString
from html5lib.constants import E as ERRORS

_INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "data", "dfn", "em", "i", "kbd", "label", "mark", "q", "s"}
_INLINE |= {"small", "span", "strong", "sub", "sup", "time", "u", "var"}
_FOR_PROGRAMS = {"script", "style", "template"}


def parse(text: str) -> tuple[BeautifulSoup, list[str]]:
    """The tree of a document, and what is wrong with its HTML."""
    builder = _StrictBuilder()
    soup = BeautifulSoup(text, builder=builder)
    return soup, list(builder.errors)


def text_of(tag: Tag) -> str:
    """The text of an element as a reader meets it: white space collapsed, blocks apart, nothing for programs."""
    return re.sub(r"\s+", " ", "".join(_pieces(tag))).strip()


def name_of(tag: Tag) -> str:
    """What a screen reader would call a link or button: its label, or its text with the names of its pictures."""
    if label := str(tag.get("aria-label", "")).strip():
        return label
    pictures = " ".join(str(picture.get("alt", "")) for picture in tag.select("img"))
    return f"{text_of(tag)} {pictures}".strip()


def _pieces(tag: Tag) -> Iterator[str]:
    last_block = None
    for text in tag.find_all(string=True):
        block = next(parent for parent in text.parents if parent.name not in _INLINE)
        if type(text) is NavigableString and block.name not in _FOR_PROGRAMS:
            # Two paragraphs are two words even when nothing stands between their tags; so are two lines.
            is_same_line = block is last_block and getattr(text.previous_element, "name", None) != "br"
            yield text if is_same_line else f" {text}"
            last_block = block


class _StrictBuilder(HTML5TreeBuilder):
    """Beautiful Soup's html5lib, but keeping the parse errors that it throws away."""

    errors: tuple[str, ...] = ()

    def feed(self, markup: str | bytes) -> None:
        parser = html5lib.HTMLParser(tree=self.create_treebuilder)
        self.underlying_builder.parser = parser
        parser.parse(markup).original_encoding = None
        self.errors = tuple(
            f"line {line}, column {column}: {ERRORS[code] % values}" for (line, column), code, values in parser.errors
        )
