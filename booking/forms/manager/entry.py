"""How staff prove who they are: allauth's forms, with our words and without placeholders."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts

USERNAME_LENGTH = 150
PASSWORD_LENGTH = 200
CODE_LENGTH = 20
KEY_NAME_LENGTH = 40
NO_ANSWER = "The key gave no answer that we know. Please try again."


def password_field(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=PASSWORD_LENGTH,
        strip=False,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": "Please type it."},
    )


def _code_field(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=CODE_LENGTH,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": "Please type the code."},
    )


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="E-mail",
            max_length=USERNAME_LENGTH,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "inputmode": "email",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                }
            ),
            error_messages={"required": "Please type it."},
        )
        self.fields["password"] = password_field("Password", "current-password")
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """E-mails are kept in small letters; a user name that the operator made is kept as it is."""
        login = str(super().clean_login())
        return login.casefold() if "@" in login else login


class AgainForm(PasswordAgainForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field("Password", "current-password")


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = " ".join(password_validators_help_texts())
        self.fields["oldpassword"] = password_field("Present password", "current-password")
        self.fields["password1"] = password_field("New password", "new-password", hint)
        self.fields["password2"] = password_field("New password, once more", "new-password")

    def clean_password1(self) -> str:
        return str(get_adapter().clean_password(self.cleaned_data["password1"], user=self.user))


class CountedCode(forms.Form):
    """Guessing codes is limited as guessing passwords is."""

    user: Any

    def clean_code(self) -> str:
        with get_adapter().counted(f"code:{self.user.pk}"):
            return str(super().clean_code())  # type: ignore[misc]  # of the form that this is mixed into


class CodeForm(CountedCode, AuthenticateForm):
    code = _code_field("Code", "Six digits of your app, or one of your recovery codes.")


class AppForm(CountedCode, ActivateTOTPForm):
    code = _code_field("Code that the app shows now")


class KeyAnswer(forms.Form):
    """The answer of a security key or a passkey. The script fills it in, so no field can show what is wrong with it."""

    credential = forms.JSONField(widget=forms.HiddenInput)

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(*((None, NO_ANSWER) if field in {None, "credential"} else (field, error)))


class KeyForm(KeyAnswer, AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        with get_adapter().counted(f"code:{self.user.pk}"), _nonsense_refused():
            return super().clean_credential()


class NewKeyForm(KeyAnswer, AddWebAuthnForm):
    name = forms.CharField(
        label="Name",
        required=False,
        max_length=KEY_NAME_LENGTH,
        help_text="So that you know it again: blue key, phone.",
    )

    def clean(self) -> dict[str, Any]:
        with _nonsense_refused():
            return super().clean() or {}


@contextmanager
def _nonsense_refused() -> Iterator[None]:
    """The library that reads the answer stumbles over what no key would ever say."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise forms.ValidationError(NO_ANSWER) from error
