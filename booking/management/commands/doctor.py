"""Ask the configured account whether all is well."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from booking.services.diagnosis import Level, examine

MARKS = {Level.GOOD: "✓", Level.HINT: "·", Level.BAD: "✗"}


class Command(BaseCommand):
    help = "Says in plain words what works with the configured Bookeo account. Exits with 1 when something does not."

    def handle(self, *args: Any, **options: Any) -> None:
        bad = 0
        for finding in examine():
            bad += finding.level == Level.BAD
            self.stdout.write(f"{MARKS[finding.level]} {finding.text}")
        self.stdout.write(f"{bad} to put right." if bad else "All is well.")
        if bad:
            sys.exit(1)
