"""The pages that the top bar of the manager area leads to. One that is built is one line here."""

from collections.abc import Callable
from dataclasses import dataclass

from booking.services.staff_acts import Act


@dataclass(frozen=True, slots=True)
class Section:
    """`address` is the name of its first page; pages in the same folder below /manager/ belong to it."""

    title: str
    address: str
    act: Act


SECTIONS: tuple[Section, ...] = (
    Section("Today", "manager:day", Act.SEE_DAY),
    Section("Book", "manager:book", Act.BOOK_FOR_CUSTOMER),
    Section("Find", "manager:find", Act.FIND_BOOKINGS),
    Section("Customers", "manager:customer-list", Act.FIND_BOOKINGS),
    Section("Payments", "manager:payment-list", Act.TAKE_PAYMENT),
    Section("Bulk day", "manager:bulk-list", Act.RUN_BULK_DAY),
    Section("Reports", "manager:report", Act.SEE_REPORTS),
    Section("Audit", "manager:audit-list", Act.SEE_AUDIT),
    Section("Settings", "manager:settings-list", Act.CHANGE_SETTINGS),
    Section("Staff", "manager:member-list", Act.MANAGE_STAFF),
)


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    href: str
    current: bool


def items(may: Callable[[Act], bool], href_of: Callable[[str], str], path: str) -> list[Item]:
    """Sections that this person may open, with the one marked that `path` belongs to."""
    sections = [(section.title, href_of(section.address)) for section in SECTIONS if may(section.act)]
    return [Item(title, href, _folder(href) == _folder(path)) for title, href in sections]


def _folder(path: str) -> str:
    """`staff` of /manager/staff/new/"""
    return path.split("/")[2]
