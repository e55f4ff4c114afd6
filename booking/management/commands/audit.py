"""The audit log, for the operator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from booking.services import audit_chain


class Command(BaseCommand):
    help = "Reads the audit log from end to end and says whether somebody has altered it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--known", metavar="HASH", help="the last hash of an earlier run: it must still be there")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = audit_chain.verify()
        if verdict.broken:
            raise CommandError(f"The audit log is broken. {verdict.sound} entries are sound; {verdict.broken}.")
        if options["known"] and not audit_chain.contains(options["known"]):
            raise CommandError("The audit log was cut: the entry with this hash is not there any more.")
        self.stdout.write(f"{verdict.sound} entries, all in order. The last hash is {verdict.last}")
