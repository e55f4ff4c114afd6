"""The pages that the top bar of the manager area leads to. One that is built is one line here."""

from collections.abc import Callable
from dataclasses import dataclass

from booking.services.staff_acts import Act


@dataclass(frozen=True, slots=True)
class Section:
    """`address` is the name of its first page; pages below that page's path belong to it."""

    title: str
    address: str
    act: Act


SECTIONS: tuple[Section, ...] = (Section("Today", "manager:start", Act.SEE_DAY),)


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    href: str
    current: bool


def items(may: Callable[[Act], bool], href_of: Callable[[str], str], path: str) -> list[Item]:
    """Sections that this person may open, with the one marked that `path` belongs to."""
    sections = [(section.title, href_of(section.address)) for section in SECTIONS if may(section.act)]
    here = max((href for _, href in sections if path.startswith(href)), key=len, default="")
    return [Item(title, href, href == here) for title, href in sections]
