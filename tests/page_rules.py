"""The structure that every page must have. Each rule looks at a parsed page and yields what breaks it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup, Tag

Rule = Callable[[BeautifulSoup], Iterator[str]]

_CAN_HAVE_LABEL = {"input", "select", "textarea", "button", "output", "meter", "progress"}
_NO_LABEL_NEEDED = {"hidden", "submit", "button", "reset", "image"}
_ID_REFERENCES = (
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-labelledby",
    "aria-owns",
    "commandfor",
    "form",
    "headers",
    "list",
    "popovertarget",
)
_HTMX_SELECTORS = ("hx-target", "hx-include", "hx-indicator", "hx-disabled-elt")


def page_problems(soup: BeautifulSoup) -> list[str]:
    """Everything wrong with a whole page; empty when all is well."""
    return [problem for rule in (*_FRAGMENT_RULES, *_PAGE_RULES) for problem in rule(soup)]


def fragment_problems(soup: BeautifulSoup) -> list[str]:
    """Everything wrong with a piece of a page, whose surroundings are not known."""
    return [problem for rule in _FRAGMENT_RULES for problem in rule(soup)]


def _has_language(soup: BeautifulSoup) -> Iterator[str]:
    if not soup.select("html[lang]:not([lang=''])"):
        yield "the html element has no lang"


def _has_title(soup: BeautifulSoup) -> Iterator[str]:
    titles = soup.select("head > title")
    if len(titles) != 1 or not titles[0].get_text(strip=True):
        yield "there must be one title, with a text"


def _has_one_h1(soup: BeautifulSoup) -> Iterator[str]:
    headings = soup.select("h1")
    if len(headings) != 1:
        yield f"there are {len(headings)} h1 elements, not one"


def _headings_do_not_skip(soup: BeautifulSoup) -> Iterator[str]:
    above = 0
    for heading in soup.find_all(re.compile("^h[1-6]$")):
        level = int(heading.name[1])
        if level > above + 1:
            yield f"{_tag(heading)} follows a heading of level {above}"
        above = level


def _headings_have_text(soup: BeautifulSoup) -> Iterator[str]:
    for heading in soup.find_all(re.compile("^h[1-6]$")):
        if not _has_name(heading):
            yield f"{_tag(heading)} has no text"


def _ids_are_unique(soup: BeautifulSoup) -> Iterator[str]:
    for identifier, count in Counter(str(tag["id"]) for tag in soup.select("[id]")).items():
        if count > 1:
            yield f"the id {identifier!r} is there {count} times"
        if not identifier or re.search(r"\s", identifier):
            yield f"the id {identifier!r} is empty or holds white space"


def _controls_are_labelled(soup: BeautifulSoup) -> Iterator[str]:
    labelled = {str(label["for"]) for label in soup.select("label[for]") if _has_name(label)}
    for control in soup.select("input, select, textarea"):
        if str(control.get("type", "")).lower() in _NO_LABEL_NEEDED:
            continue
        around = control.find_parent("label")
        if not (control.get("id") in labelled or (around and _has_name(around)) or _has_aria_name(control)):
            yield f"{_tag(control)} has no label"


def _labels_point_at_controls(soup: BeautifulSoup) -> Iterator[str]:
    for label in soup.select("label[for]"):
        target = soup.find(id=str(label["for"]))
        if target is None or target.name not in {
            "input",
            "select",
            "textarea",
            "button",
            "output",
            "meter",
            "progress",
        }:
            yield f"{_tag(label)} points at no form control"


def _references_resolve(soup: BeautifulSoup) -> Iterator[str]:
    known = {tag["id"] for tag in soup.select("[id]")}
    for attribute in _ID_REFERENCES:
        for tag in soup.select(f"[{attribute}]"):
            for identifier in _words(tag, attribute):
                if identifier not in known:
                    yield f"{_tag(tag)}: {attribute} names {identifier!r}, which is not there"


def _htmx_targets_resolve(soup: BeautifulSoup) -> Iterator[str]:
    for attribute in _HTMX_SELECTORS:
        for tag in soup.select(f"[{attribute}^='#']"):
            if not soup.select(str(tag[attribute])):
                yield f"{_tag(tag)}: {attribute} {tag[attribute]!r} matches nothing"


def _fragment_links_resolve(soup: BeautifulSoup) -> Iterator[str]:
    for link in soup.select("a[href^='#']"):
        target = str(link["href"])[1:]
        if not target or (target != "top" and soup.find(id=target) is None):
            yield f"{_tag(link)} leads nowhere"


def _forms_say_where_they_go(soup: BeautifulSoup) -> Iterator[str]:
    for form in soup.select("form"):
        if str(form.get("method", "")).lower() not in {"get", "post", "dialog"}:
            yield f"{_tag(form)} has no method"
        # No action at all is deliberate: the address of the page itself. An empty one is a mistake, and invalid.
        if form.get("action") == "":
            yield f"{_tag(form)} has an empty action"


def _buttons_and_links_have_text(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.select("button, a[href], summary, legend, label"):
        if not _has_name(tag):
            yield f"{_tag(tag)} has no text"
    for tag in soup.select("input[type=submit], input[type=button], input[type=reset]"):
        if not str(tag.get("value", "")).strip():
            yield f"{_tag(tag)} has no text"


def _images_have_alt(soup: BeautifulSoup) -> Iterator[str]:
    for image in soup.select("img:not([alt]), input[type=image]:not([alt])"):
        yield f"{_tag(image)} has no alt"


def _nothing_is_inline(soup: BeautifulSoup) -> Iterator[str]:
    """The content security policy refuses all of this, and a reader's browser would only say so in its console."""
    yield from (f"{_tag(tag)} has a style attribute" for tag in soup.select("[style]"))
    yield from (f"{_tag(tag)} is an inline style sheet" for tag in soup.select("style"))
    for tag in soup.find_all(lambda tag: any(re.match("on[a-z]|hx-on", name) for name in tag.attrs)):
        yield f"{_tag(tag)} has an event handler attribute"
    for tag in soup.select("script:not([src])"):
        if not str(tag.get("type", "")).lower().endswith("json"):
            yield f"{_tag(tag)} is an inline script"


def _no_javascript_addresses(soup: BeautifulSoup) -> Iterator[str]:
    for attribute in ("href", "src", "action", "formaction"):
        for tag in soup.select(f"[{attribute}]"):
            if str(tag[attribute]).strip().lower().startswith("javascript:"):
                yield f"{_tag(tag)}: {attribute} is a script"


def _embedded_data_is_json(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.select("script[type$=json]:not([src])"):
        try:
            json.loads(tag.string or "")
        except ValueError as error:
            yield f"{_tag(tag)} holds bad JSON: {error}"


_FRAGMENT_RULES: tuple[Rule, ...] = (
    _ids_are_unique,
    _headings_have_text,
    _controls_are_labelled,
    _forms_say_where_they_go,
    _buttons_and_links_have_text,
    _images_have_alt,
    _nothing_is_inline,
    _no_javascript_addresses,
    _embedded_data_is_json,
)
_PAGE_RULES: tuple[Rule, ...] = (
    _has_language,
    _has_title,
    _has_one_h1,
    _headings_do_not_skip,
    _labels_point_at_controls,
    _references_resolve,
    _htmx_targets_resolve,
    _fragment_links_resolve,
)


def _has_name(tag: Tag) -> bool:
    return bool(tag.get_text(strip=True) or _has_aria_name(tag) or any(img.get("alt") for img in tag.select("img")))


def _has_aria_name(tag: Tag) -> bool:
    return bool(str(tag.get("aria-label", "")).strip() or tag.get("aria-labelledby"))


def _words(tag: Tag, attribute: str) -> list[str]:
    value = tag[attribute]
    return value.split() if isinstance(value, str) else list(value)


def _tag(tag: Tag) -> str:
    """The start tag, short, with its line: `<input name="adults"> (line 12)`."""
    attributes = "".join(f' {name}="{value}"' for name, value in list(tag.attrs.items())[:4])
    return f"<{tag.name}{attributes}> (line {tag.sourceline})"
