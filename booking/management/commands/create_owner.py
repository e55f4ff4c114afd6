"""The first owner of the manager area."""

import getpass
import os
import sys
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from booking.services import audit, staff
from booking.services.audit import SYSTEM, Kind
from booking.services.staff_acts import Act, Role

PASSWORD_VARIABLE = "STAFF_PASSWORD"  # noqa: S105 - the name of a variable


class Command(BaseCommand):
    help = f"Creates an owner. The password is asked for, or taken from {PASSWORD_VARIABLE} in the environment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="to sign in with; asked for when left out")
        parser.add_argument("--name", help="as the others call this person; asked for when left out")
        parser.add_argument("--if-none", action="store_true", help="do nothing when there is an owner already")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_none"] and staff.has_owner():
            self.stdout.write("There is an owner already.")
            return
        email = options["email"] or _asked("E-mail: ")
        name = options["name"] or _asked("Name: ")
        _check(validate_email, email)
        password = _password()
        _check(validate_password, password, User(username=email, email=email, first_name=name))
        try:
            member = staff.create_owner(name=name, email=email, password=password)
        except staff.EmailTaken as error:
            raise CommandError(
                f"{email} belongs to somebody already: an owner can change the role, under Staff."
            ) from error
        role = {"role": (None, str(Role.OWNER))}
        audit.record(SYSTEM, Act.MANAGE_STAFF, kind=Kind.STAFF, subject=str(member.id), changes=role)
        self.stdout.write(f"{member.name} can sign in at /manager/ with {member.email}.")


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError("Nobody is there to ask: give --email and --name.")
    return input(question).strip()


def _password() -> str:
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise CommandError(f"Nobody is there to ask: put the password into {PASSWORD_VARIABLE}.")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Once more: "):
        raise CommandError("These two are not the same.")
    return password


def _check(validate: Any, *values: Any) -> None:
    try:
        validate(*values)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
