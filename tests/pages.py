"""Pages and fragments as tests see them: parsed strictly, checked for structure, and easy to ask questions.

page = parse_page(response.text)
assert page.h1 == "Kayak tour"
form = page.form("#choose-time")
assert form.fields["adults"] == "2"
"""

from dataclasses import dataclass
from functools import cached_property

from bs4 import BeautifulSoup, Tag

from tests.page_rules import fragment_problems, page_problems
from tests.strict_html import name_of, parse, text_of

_FRAGMENT_START = '<!DOCTYPE html><html lang="en"><head><title>fragment</title></head><body>'
_FRAGMENT_END = "</body></html>"
_NOT_SUBMITTED = {"submit", "button", "reset", "image", "file"}


@dataclass(frozen=True)
class Link:
    """A link: its text, and its address as it is written."""

    text: str
    href: str


@dataclass(frozen=True)
class Button:
    """A button that submits a form; `name` is empty when it adds nothing to what is sent."""

    text: str
    name: str
    value: str
    action: str | None
    method: str | None


class Page:
    """A parsed page or fragment. Texts have their white space collapsed."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self.soup = soup

    @property
    def title(self) -> str:
        """The text of the title element."""
        return text_of(self.one("title"))

    @property
    def h1(self) -> str:
        """The text of the only main heading."""
        return text_of(self.one("h1"))

    @cached_property
    def text(self) -> str:
        """All text that a reader can meet in the body."""
        return text_of(self.one("body"))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All links, in the order of the page."""
        return tuple(Link(name_of(tag), str(tag["href"])) for tag in self.select("a[href]"))

    @cached_property
    def forms(self) -> tuple["Form", ...]:
        """All forms, in the order of the page."""
        return tuple(Form(tag, self.soup) for tag in self.select("form"))

    def select(self, css: str) -> list[Tag]:
        """All elements that match the selector."""
        return list(self.soup.select(css))

    def one(self, css: str) -> Tag:
        """The only element that matches the selector."""
        found = self.select(css)
        assert len(found) == 1, f"{len(found)} elements match {css!r}, not one"
        return found[0]

    def link(self, text: str) -> Link:
        """The link with this text; several are fine when all lead to the same address."""
        found = {link for link in self.links if link.text == text}
        assert len(found) == 1, (
            f"{len(found)} links say {text!r}; there are {sorted({link.text for link in self.links})}"
        )
        return found.pop()

    def form(self, css: str = "form") -> "Form":
        """The only form that matches the selector."""
        return Form(self.one(css), self.soup)


class Form:
    """A form: where it goes, and what it would send if nobody touched it."""

    def __init__(self, tag: Tag, soup: BeautifulSoup) -> None:
        self.tag = tag
        self._soup = soup

    @property
    def action(self) -> str:
        """The address as written; empty when the form goes to the address of its page."""
        return str(self.tag.get("action", ""))

    @property
    def method(self) -> str:
        """`get` or `post`."""
        return str(self.tag.get("method", "get")).lower()

    @cached_property
    def controls(self) -> tuple[Tag, ...]:
        """Every control that belongs to the form, also those outside it that name it, unless disabled."""
        return tuple(tag for tag in self._soup.select("input, select, textarea, button") if self._owns(tag))

    @cached_property
    def fields(self) -> dict[str, str | list[str]]:
        """What it would send: hidden values, texts, checked boxes, selected options. A list where a name repeats."""
        fields: dict[str, str | list[str]] = {}
        for control in self.controls:
            for value in _submitted_values(control):
                name = str(control["name"])
                earlier = fields.get(name)
                fields[name] = (
                    value if earlier is None else [*([earlier] if isinstance(earlier, str) else earlier), value]
                )
        return fields

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all fields, also of those that would send nothing now."""
        return frozenset(str(tag["name"]) for tag in self.controls if tag.get("name") and tag.name != "button")

    @cached_property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons that submit the form."""
        return tuple(_button(tag) for tag in self.controls if _submits(tag))

    @property
    def button_names(self) -> tuple[str, ...]:
        """What its submitting buttons say."""
        return tuple(button.text for button in self.buttons)

    def button(self, text: str | None = None) -> Button:
        """The button that says `text`; without a text the first one, which is what the Enter key presses."""
        found = [button for button in self.buttons if text in {None, button.text}]
        assert found, f"no button says {text!r}; there are {self.button_names}"
        return found[0]

    def _owns(self, control: Tag) -> bool:
        if control.has_attr("disabled") or control.find_parent("fieldset", attrs={"disabled": True}):
            return False
        if control.has_attr("form"):
            return control["form"] == self.tag.get("id")
        return control.find_parent("form") is self.tag


def parse_page(text: str) -> Page:
    """Parse a whole page; the AssertionError lists all that is wrong with it."""
    soup, errors = parse(text)
    _complain(errors + page_problems(soup))
    return Page(soup)


def parse_fragment(text: str) -> Page:
    """Parse a piece of a page, as htmx receives it; what only a whole page can have is not asked for."""
    soup, errors = parse(_FRAGMENT_START + text + _FRAGMENT_END)
    _complain(errors + fragment_problems(soup))
    return Page(soup)


def _submitted_values(control: Tag) -> list[str]:
    """What the control sends as it stands: no value, one, or several."""
    kind = str(control.get("type", "text")).lower()
    if not control.get("name") or control.name == "button" or kind in _NOT_SUBMITTED:
        return []
    if control.name == "select":
        return _selected_values(control)
    if control.name == "textarea":
        return [control.get_text()]
    if kind in {"checkbox", "radio"}:
        return [str(control.get("value", "on"))] if control.has_attr("checked") else []
    return [str(control.get("value", ""))]


def _selected_values(control: Tag) -> list[str]:
    options = [option for option in control.select("option") if not option.has_attr("disabled")]
    selected = [option for option in options if option.has_attr("selected")]
    if not control.has_attr("multiple"):
        selected = selected[-1:] or options[:1]
    return [str(option.get("value", text_of(option))) for option in selected]


def _submits(control: Tag) -> bool:
    if control.name == "button":
        return str(control.get("type", "submit")).lower() == "submit"
    return control.name == "input" and str(control.get("type", "")).lower() in {"submit", "image"}


def _button(tag: Tag) -> Button:
    return Button(
        text=name_of(tag) or str(tag.get("value", "")),
        name=str(tag.get("name", "")),
        value=str(tag.get("value", "")),
        action=_optional(tag.get("formaction")),
        method=_optional(tag.get("formmethod")),
    )


def _optional(value: object) -> str | None:
    return None if value is None else str(value)


def _complain(problems: list[str]) -> None:
    assert not problems, "what is wrong with this page:\n" + "\n".join(problems)
