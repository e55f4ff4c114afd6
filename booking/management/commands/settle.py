"""Find out what became of attempts whose answer is lost."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count

from booking.models import Attempt
from booking.services.errors import ServiceError
from booking.services.lanes import Lane, lane
from booking.services.reconciliation import settle_open_attempts


class Command(BaseCommand):
    help = "Settles attempts whose answer is lost, as the background does every minute. Says how many there are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", action="store_true", help="only count the attempts, by state")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["count"]:
            self._settle()
        states = Attempt.objects.values_list("state").annotate(Count("pk")).order_by("state")
        self.stdout.write("\n".join(f"{state}={number}" for state, number in states))

    def _settle(self) -> None:
        try:
            with lane(Lane.BACKGROUND):
                settle_open_attempts()
        except ServiceError as error:
            self.stderr.write(f"Bookeo cannot be asked at the moment: {error}")
