"""What the reports count, for the operator."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from booking.services import fact_following, fact_sheets, fact_weeks
from booking.services.errors import ServiceError
from booking.services.lanes import Lane, lane

TURN_SECONDS = 120.0
# Each reads some weeks; of a hundred years there are fewer.
MOST_TURNS = 5000
OTHERS_TURN_SECONDS = 1.0


class Command(BaseCommand):
    help = "Says how far the facts of the reports reach. The worker fills them by itself; --fill does it now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fill", type=int, metavar="DAYS", help="read what is not read yet, from so many days ago on"
        )
        parser.add_argument("--anew", action="store_true", help="with --fill: also what was read already")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["fill"] is not None:
            self._fill(max(options["fill"], 0), anew=options["anew"])
        self._say()

    def _fill(self, days_back: int, *, anew: bool) -> None:
        if anew:
            fact_weeks.read_anew()
            fact_sheets.make_all_anew()
        fact_weeks.plan(days_back)
        try:
            for _ in range(MOST_TURNS):
                if not fact_weeks.any_unread():
                    return
                self._take_turn()
        except ServiceError as error:
            raise CommandError(f"Bookeo cannot be asked at the moment: {error}. What was read is kept.") from error
        raise CommandError("Some weeks are still unread. What was read is kept: run the command again.")

    def _take_turn(self) -> None:
        with lane(Lane.BACKGROUND, seconds=TURN_SECONDS):
            changed = fact_following.follow(at_once=True)
        if changed is None:  # a worker has its turn
            time.sleep(OTHERS_TURN_SECONDS)
        else:
            self._say()

    def _say(self) -> None:
        progress, standing = fact_weeks.progress(), fact_following.standing()
        reach = f"from {progress.first} to {progress.last}" if progress.first else "nothing yet"
        self.stdout.write(f"{progress.read} of {progress.wanted} weeks read, {reach}; as of {standing.as_of}")
        for kind in sorted(standing.refused):
            self.stdout.write(f"The key may not read {kind}.")
