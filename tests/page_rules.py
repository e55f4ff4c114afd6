"""The structure that every page must have. Each rule looks at a parsed page and yields what breaks it."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup, Tag

_CAN_HAVE_LABEL = {"input", "select", "textarea", "button", "output", "meter", "progress"}
_NO_LABEL_NEEDED = {"hidden", "submit", "button", "reset", "image"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ID_REFERENCES = [f"aria-{name}" for name in ("activedescendant", "controls", "describedby", "details", "errormessage")]
_ID_REFERENCES += ["aria-labelledby", "aria-owns", "commandfor", "form", "headers", "list", "popovertarget"]
_HTMX_SELECTORS = ("hx-target", "hx-include", "hx-indicator", "hx-disabled-elt")


class _Elements:
    """Elements, sorted in one walk: a walk for each question took half of the time of all tests."""

    def __init__(self, soup: BeautifulSoup, tags: list[Tag]) -> None:
        self.soup, self.all = soup, tags
        self.by_id: dict[str, Tag] = {}
        self._having: defaultdict[str, list[Tag]] = defaultdict(list)
        for tag in self.all:
            for attribute in tag.attrs:
                self._having[attribute].append(tag)
        for tag in self.having("id"):
            self.by_id.setdefault(str(tag["id"]), tag)

    def named(self, *names: str) -> list[Tag]:
        """In the order of the page."""
        return [tag for tag in self.all if tag.name in names]

    def having(self, attribute: str) -> list[Tag]:
        """Those with this attribute, whatever its value."""
        return self._having.get(attribute, [])

    @property
    def attributes(self) -> list[str]:
        """Every attribute's name that stands somewhere."""
        return list(self._having)


Rule = Callable[[_Elements], Iterator[str]]


def page_problems(soup: BeautifulSoup) -> list[str]:
    """Everything wrong with a whole page; empty when all is well."""
    return _problems(soup, (*_DOCUMENT_RULES, *_PAGE_RULES))


def fragment_problems(soup: BeautifulSoup) -> list[str]:
    """Everything wrong with a piece of a page, whose surroundings are not known."""
    return _problems(soup, _DOCUMENT_RULES)


def _problems(soup: BeautifulSoup, document_rules: tuple[Rule, ...]) -> list[str]:
    """What stands in a template is no part of the document yet, but will be shown."""
    everything = [node for node in soup.descendants if isinstance(node, Tag)]
    waiting = {id(tag) for template in everything if template.name == "template" for tag in template.find_all(True)}
    document = _Elements(soup, [tag for tag in everything if id(tag) not in waiting])
    whole = _Elements(soup, everything) if waiting else document
    found = [problem for rule in _ELEMENT_RULES for problem in rule(whole)]
    return found + [problem for rule in document_rules for problem in rule(document)]


def _has_language(elements: _Elements) -> Iterator[str]:
    if not any(tag.get("lang") for tag in elements.named("html")):
        yield "the html element has no lang"


def _has_title(elements: _Elements) -> Iterator[str]:
    titles = [tag for tag in elements.named("title") if tag.parent is not None and tag.parent.name == "head"]
    if len(titles) != 1 or not titles[0].get_text(strip=True):
        yield "there must be one title, with a text"


def _has_one_h1(elements: _Elements) -> Iterator[str]:
    headings = elements.named("h1")
    if len(headings) != 1:
        yield f"there are {len(headings)} h1 elements, not one"


def _headings_do_not_skip(elements: _Elements) -> Iterator[str]:
    above = 0
    for heading in elements.named(*_HEADINGS):
        level = int(heading.name[1])
        if level > above + 1:
            yield f"{_tag(heading)} follows a heading of level {above}"
        above = level


def _headings_have_text(elements: _Elements) -> Iterator[str]:
    for heading in elements.named(*_HEADINGS):
        if not _has_name(heading):
            yield f"{_tag(heading)} has no text"


def _ids_are_unique(elements: _Elements) -> Iterator[str]:
    for identifier, count in Counter(str(tag["id"]) for tag in elements.having("id")).items():
        if count > 1:
            yield f"the id {identifier!r} is there {count} times"
        if not identifier or re.search(r"\s", identifier):
            yield f"the id {identifier!r} is empty or holds white space"


def _controls_are_labelled(elements: _Elements) -> Iterator[str]:
    labelled = {str(tag["for"]) for tag in elements.having("for") if tag.name == "label" and _has_name(tag)}
    for control in elements.named("input", "select", "textarea"):
        if str(control.get("type", "")).lower() in _NO_LABEL_NEEDED:
            continue
        around = control.find_parent("label")
        if not (control.get("id") in labelled or (around and _has_name(around)) or _has_aria_name(control)):
            yield f"{_tag(control)} has no label"


def _labels_point_at_controls(elements: _Elements) -> Iterator[str]:
    for label in elements.having("for"):
        target = elements.by_id.get(str(label["for"]))
        if label.name == "label" and (target is None or target.name not in _CAN_HAVE_LABEL):
            yield f"{_tag(label)} points at no form control"


def _references_resolve(elements: _Elements) -> Iterator[str]:
    for attribute in _ID_REFERENCES:
        for tag in elements.having(attribute):
            for identifier in _words(tag, attribute):
                if identifier not in elements.by_id:
                    yield f"{_tag(tag)}: {attribute} names {identifier!r}, which is not there"


def _htmx_targets_resolve(elements: _Elements) -> Iterator[str]:
    for attribute in _HTMX_SELECTORS:
        for tag in elements.having(attribute):
            selector = str(tag[attribute])
            if selector.startswith("#") and selector[1:] not in elements.by_id and not elements.soup.select(selector):
                yield f"{_tag(tag)}: {attribute} {tag[attribute]!r} matches nothing"


def _fragment_links_resolve(elements: _Elements) -> Iterator[str]:
    for link in elements.named("a"):
        address = str(link.get("href", ""))
        if address == "#" or (address[:1] == "#" and address != "#top" and address[1:] not in elements.by_id):
            yield f"{_tag(link)} leads nowhere"


def _forms_say_where_they_go(elements: _Elements) -> Iterator[str]:
    for form in elements.named("form"):
        if str(form.get("method", "")).lower() not in {"get", "post", "dialog"}:
            yield f"{_tag(form)} has no method"
        # No action at all is deliberate: the address of the page itself. An empty one is a mistake, and invalid.
        if form.get("action") == "":
            yield f"{_tag(form)} has an empty action"


def _buttons_and_links_have_text(elements: _Elements) -> Iterator[str]:
    for tag in elements.named("button", "a", "summary", "legend", "label"):
        if (tag.name != "a" or tag.has_attr("href")) and not _has_name(tag):
            yield f"{_tag(tag)} has no text"
    for tag in elements.named("input"):
        if _type(tag) in {"submit", "button", "reset"} and not str(tag.get("value", "")).strip():
            yield f"{_tag(tag)} has no text"


def _images_have_alt(elements: _Elements) -> Iterator[str]:
    for image in elements.named("img", "input"):
        if (image.name == "img" or _type(image) == "image") and not image.has_attr("alt"):
            yield f"{_tag(image)} has no alt"


def _nothing_is_inline(elements: _Elements) -> Iterator[str]:
    """The content security policy refuses all of this, and a reader's browser would only say so in its console."""
    yield from (f"{_tag(tag)} has a style attribute" for tag in elements.having("style"))
    yield from (f"{_tag(tag)} is an inline style sheet" for tag in elements.named("style"))
    for attribute in elements.attributes:
        if re.match("on[a-z]|hx-on", attribute):
            yield from (f"{_tag(tag)} has an event handler attribute" for tag in elements.having(attribute))
    for tag in elements.named("script"):
        if not tag.has_attr("src") and not _type(tag).endswith("json"):
            yield f"{_tag(tag)} is an inline script"


def _no_javascript_addresses(elements: _Elements) -> Iterator[str]:
    for attribute in ("href", "src", "action", "formaction"):
        for tag in elements.having(attribute):
            if str(tag[attribute]).strip().lower().startswith("javascript:"):
                yield f"{_tag(tag)}: {attribute} is a script"


def _embedded_data_is_json(elements: _Elements) -> Iterator[str]:
    for tag in elements.named("script"):
        if tag.has_attr("src") or not _type(tag).endswith("json"):
            continue
        try:
            json.loads(tag.string or "")
        except ValueError as error:
            yield f"{_tag(tag)} holds bad JSON: {error}"


# About an element by itself.
_ELEMENT_RULES: tuple[Rule, ...] = (
    _headings_have_text,
    _forms_say_where_they_go,
    _buttons_and_links_have_text,
    _images_have_alt,
    _nothing_is_inline,
    _no_javascript_addresses,
    _embedded_data_is_json,
)
# About an element among others.
_DOCUMENT_RULES: tuple[Rule, ...] = (_ids_are_unique, _controls_are_labelled)
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
    return bool(tag.get_text(strip=True) or _has_aria_name(tag) or any(img.get("alt") for img in tag.find_all("img")))


def _has_aria_name(tag: Tag) -> bool:
    return bool(str(tag.get("aria-label", "")).strip() or tag.get("aria-labelledby"))


def _type(tag: Tag) -> str:
    return str(tag.get("type", "")).lower()


def _words(tag: Tag, attribute: str) -> list[str]:
    value = tag[attribute]
    return value.split() if isinstance(value, str) else list(value)


def _tag(tag: Tag) -> str:
    """The start tag, short, with its line: `<input name="adults"> (line 12)`."""
    attributes = "".join(f' {name}="{value}"' for name, value in list(tag.attrs.items())[:4])
    return f"<{tag.name}{attributes}> (line {tag.sourceline})"
