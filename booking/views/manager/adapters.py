"""How allauth behaves here: nobody signs up, attempts are limited by our shared windows, secrets are sealed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest
from django.urls import reverse

from booking.services import business_settings, catalogue, second_factors, sign_in_attempts
from booking.services.errors import ServiceError
from booking.views.http import client_address

# What is said after a change; of what else allauth would say, the next page shows enough.
SAID = {
    "account/messages/password_changed.txt": "Your password is changed. Your other devices are signed out.",
    "mfa/messages/totp_activated.txt": "The app is set up. From now on, signing in asks for its code.",
    "mfa/messages/totp_deactivated.txt": "The app is removed.",
    "mfa/messages/webauthn_added.txt": "The key is added. From now on, signing in asks for it.",
    "mfa/messages/webauthn_removed.txt": "The key is removed.",
    "usersessions/messages/sessions_logged_out.txt": "Your other devices are signed out.",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "E-mail and password do not match. Please check both.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, str]]:
        """By the password, which everybody has."""
        return [{"id": "reauthenticate", "url": reverse("account_reauthenticate"), "description": "Password"}]

    def is_ajax(self, request: HttpRequest) -> bool:
        """Everybody gets pages, and statuses that are true."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counted in `authenticate`."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Raises TooManyAttempts."""
        person, address = str(credentials.get("username", "")), client_address(request)
        sign_in_attempts.count(person, address)
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            sign_in_attempts.forget(person, address)
        return user

    @contextmanager
    def counted(self, subject: str) -> Iterator[None]:
        """One attempt at something; when the block ends well, it was a success. Raises TooManyAttempts."""
        address = client_address(self.request)
        sign_in_attempts.count(subject, address)
        yield
        sign_in_attempts.forget(subject, address)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        sentence = SAID.get(message_template or "")
        if sentence:
            messages.success(request, sentence)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This is not the right code. Each code of the app counts once, and for half a minute.",
        "cannot_delete_authenticator": "An owner requires a second factor of everybody, so it cannot be removed.",
    }

    def encrypt(self, text: str) -> str:
        return second_factors.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factors.unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not the only one of somebody who needs one."""
        needed = business_settings.current().second_factor_required
        return not needed or second_factors.count(authenticator.user) > 1

    def _get_site_name(self) -> str:
        """What an app lists the code under, and what a key asks for."""
        try:
            return catalogue.get_business().name
        except ServiceError:
            return str(super()._get_site_name())
