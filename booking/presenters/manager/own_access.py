"""Where somebody of the staff is signed in, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from booking.presenters import texts

# The first name that a browser gives itself and that no other browser borrows.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Windows": "Windows",
    "Mac OS": "a Mac",
    "Linux": "Linux",
}


class Session(Protocol):
    created_at: datetime
    ip: str
    user_agent: str

    def is_current(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class SessionLine:
    device: str
    since: str
    address: str
    current: bool


def session_lines(sessions: Iterable[Session]) -> list[SessionLine]:
    """The present one first."""
    lines = [SessionLine(device(s.user_agent), texts.deadline(s.created_at), s.ip, s.is_current()) for s in sessions]
    return sorted(lines, key=lambda line: not line.current)


def device(user_agent: str) -> str:
    """“Firefox on Windows”, as far as the browser tells"""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
