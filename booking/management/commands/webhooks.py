"""See to it that Bookeo tells us of changes."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from booking.services.errors import ServiceError
from booking.services.lanes import Lane, lane
from booking.services.webhook_registrations import Registration, State, find_registrations, keep_registered

WITHOUT_ADDRESS = """WEBHOOK_URL is not set, so there is no address that Bookeo could send its notifications to.
Set it to the public address of this site's receiver, without a query, for example
WEBHOOK_URL=https://book.example.com/webhooks/bookeo/ and say `manage.py webhooks sync` again.
The site works without: changes made elsewhere then show up after a minute."""
DONE = {
    State.GOOD: "was registered",
    State.MISSING: "registered",
    State.BLOCKED: "revived",
    State.MOVED: "registered anew",
    State.FOREIGN: "left alone",
}
# Each new registration is a call or two of a scarce budget.
SECONDS = 120.0


class Command(BaseCommand):
    help = (
        "Lists the webhooks of this key, or registers those that are missing and revives those that are blocked. "
        "Exits with 1 when some of Bookeo's notifications do not reach this site."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["list", "sync"])
        parser.add_argument("--replace", action="store_true", help="with sync: also take what another program gets")

    def handle(self, *args: Any, act: str, replace: bool, **options: Any) -> None:
        if not settings.WEBHOOK_URL:
            raise CommandError(WITHOUT_ADDRESS)
        try:
            with lane(Lane.STAFF, seconds=SECONDS):
                lacking = self._list() if act == "list" else self._sync(replace=replace)
        except ServiceError as error:
            raise CommandError(f"Bookeo cannot be asked at the moment: {error}") from error
        if lacking:
            sys.exit(1)

    def _list(self) -> int:
        registrations = find_registrations()
        for registration in registrations:
            self._say(registration, registration.state)
        return sum(registration.state != State.GOOD for registration in registrations)

    def _sync(self, *, replace: bool) -> int:
        lacking = 0
        for registration in keep_registered(replace=replace):
            is_foreign = registration.state == State.FOREIGN
            self._say(registration, "taken over" if is_foreign and replace else DONE[registration.state])
            lacking += is_foreign and not replace
        return lacking

    def _say(self, registration: Registration, text: str) -> None:
        more = registration.reason or (registration.host if registration.state == State.FOREIGN else "")
        self.stdout.write(f"{registration.name:24}{text}{f' ({more})' if more else ''}")
