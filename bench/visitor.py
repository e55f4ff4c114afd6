"""A customer without script and without cookies, who does not give up easily, and who takes every page at its word."""

import contextlib
import random
import re
import threading
import time
from dataclasses import dataclass, field
from html import unescape
from http import HTTPStatus
from typing import Literal

import requests

Word = Literal["confirmed", "not booked", "no word"]

PATIENCE_SECONDS = 150.0
_SLOT = re.compile(r'name="slot" value="([^"]*)"')
_HIDDEN = re.compile(r'name="(visit|key)" value="([^"]*)"')
_NUMBER = re.compile(r'<data[^>]* value="(\d+)"')


@dataclass
class Story:
    """What one customer went through. `number` is of the booking that the last page confirmed."""

    email: str
    word: Word = "no word"
    number: str = ""
    pages: int = 0
    presses: int = 0
    troubles: int = 0
    waited_for_word: float = 0.0
    last_page: str = ""


class GaveUpError(Exception):
    """The customer has lost patience."""


@dataclass
class Visitor:
    """One customer. `urls` are the web servers of the site, any of which may answer."""

    urls: list[str]
    product_ids: list[str]
    story: Story
    dice: random.Random
    presses_twice: float = 0.15
    leaves: float = 0.05
    began: float = field(default_factory=time.monotonic)

    def book(self) -> Story:
        """From the page of times to the last word."""
        with contextlib.suppress(GaveUpError):
            page = self._hold()
            if self.dice.random() < self.leaves:
                self.story.word = "not booked"  # closed the window: the places must become free by themselves
                return self.story
            self._press_until_a_word(self._enter_details(page))
        return self.story

    def get(self, address: str) -> requests.Response:
        """Open a page, over a new connection: the next one may come from another process."""
        return requests.get(address, timeout=60)

    def post(self, address: str, data: dict[str, str]) -> requests.Response:
        """Send a form."""
        return requests.post(address, data=data, timeout=60)

    def look_again(self) -> Story:
        """Open the last page once more, later."""
        self.began = time.monotonic()
        if self.story.word == "no word" and self.story.last_page.startswith("/checkout/"):
            with contextlib.suppress(GaveUpError):
                self._press_until_a_word(self._get(self.story.last_page), presses=0)
        return self.story

    def _hold(self) -> requests.Response:
        while True:
            product, day = self.dice.choice(self.product_ids), self.dice.randrange(3, 28)
            date = time.strftime("%Y-%m-%d", time.localtime(time.time() + day * 86_400))
            address = self.story.last_page = f"/products/{product}/?adults=1&date={date}"
            page = self._get(address)
            slots = _SLOT.findall(page.text)
            held = self._post(address, page, {"slot": unescape(self.dice.choice(slots))}) if slots else None
            if held is not None and "/details/" in _path(held):
                return held
            self._rest(0.1)

    def _enter_details(self, page: requests.Response) -> requests.Response:
        details = {
            "first_name": "Alex",
            "last_name": "Example",
            "email": self.story.email,
            "phone": "+39 055 501 0188",
        }
        while True:
            entered = self._post(_path(page), page, details)
            if entered is not None and "/check/" in _path(entered):
                return entered
            self._rest(0.1)
            page = self._get(_path(page))
            if "/check/" in _path(page):
                return page

    def _press_until_a_word(self, page: requests.Response, presses: int = 3) -> None:
        asked = time.monotonic()
        self.story.last_page = _path(page)
        while True:
            path = _path(page)
            if "/confirmed/" in path:
                found = _NUMBER.search(page.text)
                self.story.word, self.story.number = "confirmed", found[1] if found else ""
                self.story.waited_for_word = time.monotonic() - asked
                return
            if "/check/" in path and page.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                if self.story.presses >= presses:
                    self.story.word = "not booked"
                    return
                self.story.presses += 1
                answer = self._post(path, page, {"terms": "on"}, may_repeat=True)
                page = answer if answer is not None else self._get(path)
                continue
            if "/times/" in path:
                self.story.word = "not booked"
                return
            self._rest(0.4)
            page = self._get(path if path.startswith("/checkout/") else self.story.last_page)

    def _post(
        self, address: str, page: requests.Response, fields: dict[str, str], *, may_repeat: bool = True
    ) -> requests.Response | None:
        """The page after the form, or None when no answer came. Some press twice at the same moment."""
        data = {**{name: unescape(value) for name, value in _HIDDEN.findall(page.text)}, **fields}
        answers = list[requests.Response | None]()

        def send() -> None:
            try:
                self.story.pages += 1
                url = self.dice.choice(self.urls)
                answers.append(self.post(url + address, data))
            except requests.RequestException:
                self.story.troubles += 1
                answers.append(None)

        twice = may_repeat and self.dice.random() < self.presses_twice
        crowd = [threading.Thread(target=send) for _ in range(2 if twice else 1)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        return answers[-1]

    def _get(self, address: str) -> requests.Response:
        while True:
            self._check_patience()
            try:
                self.story.pages += 1
                page = self.get(self.dice.choice(self.urls) + address)
            except requests.RequestException:
                self.story.troubles += 1
                self._rest(0.3)
                continue
            if page.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                return page
            self.story.troubles += 1
            self._rest(0.5)

    def _rest(self, seconds: float) -> None:
        self._check_patience()
        time.sleep(seconds * self.dice.uniform(0.5, 1.5))

    def _check_patience(self) -> None:
        if time.monotonic() - self.began > PATIENCE_SECONDS:
            raise GaveUpError


def _path(page: requests.Response) -> str:
    return requests.compat.urlsplit(page.url).path
