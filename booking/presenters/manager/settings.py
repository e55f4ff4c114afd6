"""The owner's settings at a glance, and the words of each section."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import escape

from booking.presenters import texts
from booking.services.business_settings import BusinessSettings


@dataclass(frozen=True, slots=True)
class Section:
    """`purpose` stands under its heading; `state` says in a few words what is chosen now."""

    title: str
    purpose: str
    state: Callable[[BusinessSettings], str]


@dataclass(frozen=True, slots=True)
class SectionLine:
    name: str
    title: str
    state: str


def _rules(now: BusinessSettings) -> str:
    free = texts.counted(now.free_cancellation_hours, "hour", "hours")
    return f"Free until {free} before, then {now.late_cancellation_fee_percent} %"


def _questions(now: BusinessSettings) -> str:
    if "*" in now.participants_asked_for:
        return "Who is coming, for everything"
    count = len(now.participants_asked_for)
    return f"Who is coming, for {texts.counted(count, 'product', 'products')}" if count else "Nobody is asked by name"


def _look(now: BusinessSettings) -> str:
    colour = now.accent_colour or "The standard colour"
    return f"{colour}, {'with a logo' if now.logo else 'without a logo'}"


def _sites(now: BusinessSettings) -> str:
    return ", ".join(now.embed_origins) or "None"


def _mails(now: BusinessSettings) -> str:
    moments = {
        "booked": now.mail_customer_when_booked,
        "changed": now.mail_customer_when_changed,
        "cancelled": now.mail_customer_when_cancelled,
    }
    told = texts.joined(moment for moment, mails in moments.items() if mails)
    return f"Customers when {told}" if told else "Nobody"


def _security(now: BusinessSettings) -> str:
    return "Second factor for everybody" if now.second_factor_required else "Second factor for those who want one"


SECTIONS = {
    "rules": Section("Rules", "What customers read before they book; Bookeo keeps its own beside it.", _rules),
    "texts": Section("Texts", "What your pages say in your own words.", lambda s: s.site_headline),
    "questions": Section("Questions", "What customers are asked.", _questions),
    "look": Section("Look", "Your colour and your logo.", _look),
    "embed": Section("Other sites", "Sites that may show your booking pages in a frame.", _sites),
    "mails": Section(
        "Mails",
        "Whom the forms of staff propose to mail. Everybody can choose otherwise each time.",
        _mails,
    ),
    "security": Section("Security", "How staff sign in.", _security),
}


def section_lines(now: BusinessSettings) -> list[SectionLine]:
    return [SectionLine(name, section.title, section.state(now)) for name, section in SECTIONS.items()]


def link_snippet(address: str) -> str:
    """For a site that wants no more than a link: it works everywhere."""
    return f'<a href="{escape(address)}">Book now</a>'


def frame_snippet(address: str, link: str, title: str) -> str:
    """A frame with a link inside, for whoever's browser shows no frames. No script and no style: a site's own content
    security policy may forbid both."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="1000" frameborder="0" '
        f'loading="lazy">\n  {link_snippet(link)}\n</iframe>'
    )
