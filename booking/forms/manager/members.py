"""Inviting somebody of the staff, their role, and the password they choose."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.validators import EmailValidator

from booking.forms.manager.entry import password_field
from booking.services.staff_acts import Role

NAME_LENGTH = 80
EMAIL_LENGTH = 150
ROLES = [
    (Role.DESK, "Desk: the day, bookings, check-in, payments"),
    (Role.MANAGER, "Manager: also refunds, cancelling, moving, whole days, exports"),
    (Role.OWNER, "Owner: also settings, staff and the audit log"),
]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=ROLES, initial=Role.DESK)

    def to_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    name = forms.CharField(
        label="Name",
        max_length=NAME_LENGTH,
        help_text="As the others call this person.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Please fill this in."},
    )
    email = forms.EmailField(
        label="E-mail",
        max_length=EMAIL_LENGTH,
        help_text="To sign in with. Nothing is sent to it.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        validators=[EmailValidator("This does not look like an e-mail address.")],
        error_messages={"required": "Please fill this in."},
    )
    field_order = ("name", "email", "role")


class WelcomeForm(forms.Form):
    """The first password, or a new one, of whoever holds the link."""

    password1 = password_field("Password", "new-password", " ".join(password_validators_help_texts()))
    password2 = password_field("Password, once more", "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password1(self) -> str:
        password = str(self.cleaned_data["password1"])
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password1") and cleaned.get("password2") and cleaned["password1"] != cleaned["password2"]:
            self.add_error("password2", "These two are not the same.")
        return cleaned
