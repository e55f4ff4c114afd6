"""Signing in and out, and what everybody may do with their own access. allauth does the work; the pages are ours.

Only what is here has an address: nobody signs up, nothing is mailed, and a forgotten password is an owner's to renew.
"""

from typing import Any

from allauth.account import views as account
from allauth.mfa.adapter import get_adapter as factors_adapter
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse_lazy

from booking.forms.problems import problems_of
from booking.presenters.manager.members import member_line
from booking.presenters.manager.own_access import session_lines
from booking.services import audit, business_settings, second_factors, staff
from booking.services.audit import OwnAct
from booking.views.manager.access import actor_of


class Truthful:
    """allauth answers 200 to what it does not accept. Here the status says so, and the page lists what to put right."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # of the view that this is mixed into
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        form = context.get("form")
        return context | {"problems": problems_of(form) if form is not None else []}


class SignIn(Truthful, account.LoginView):
    template_name = "manager/sign_in.html"


class SignInCode(Truthful, mfa.AuthenticateView):
    """By a code or by a key, whichever this person has."""

    template_name = "manager/sign_in_code.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        has_keys = second_factors.has_key(self.stage.login.user)
        return context | {"has_keys": has_keys, "problems": problems_of(self.auth_form, self.webauthn_form)}


class SignOut(account.LogoutView):
    template_name = "manager/sign_out.html"


class OwnAccess(mfa.IndexView):
    template_name = "manager/own_access.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        required = business_settings.current().second_factor_required
        has_one = second_factors.has_one(self.request.user)
        member = member_line(staff.get_member(self.request.user.pk))
        factors = {"app": context["authenticators"].get("totp"), "keys": context["authenticators"].get("webauthn", [])}
        return context | factors | {"member": member, "missing": required and not has_one, "has_one": has_one}


class Password(Truthful, account.PasswordChangeView):
    template_name = "manager/password.html"


class Again(Truthful, account.ReauthenticateView):
    template_name = "manager/again.html"


class App(Truthful, totp.ActivateTOTPView):
    template_name = "manager/app.html"


class AppOff(Truthful, totp.DeactivateTOTPView):
    template_name = "manager/app_off.html"


class NewKey(Truthful, webauthn.AddWebAuthnView):
    template_name = "manager/new_key.html"


class KeyOff(webauthn.RemoveWebAuthnView):
    template_name = "manager/key_off.html"
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"key": self.object.wrap().name, "must_stay": self._must_stay()}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse
        if self._must_stay():
            response = self.render_to_response(self.get_context_data(form=form))
            response.status_code = 422
        else:
            response = super().form_valid(form)
        return response

    def _must_stay(self) -> bool:
        """allauth asks this for the app alone."""
        return not factors_adapter().can_delete_authenticator(self.object)


class RecoveryCodes(codes.ViewRecoveryCodesView):
    template_name = "manager/recovery_codes.html"


class NewRecoveryCodes(Truthful, codes.GenerateRecoveryCodesView):
    template_name = "manager/new_recovery_codes.html"


class Sessions(Truthful, sessions.ListUserSessionsView):
    template_name = "manager/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"lines": session_lines(context["sessions"])}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        audit.record(actor_of(self.request), OwnAct.END_SESSIONS)
        return response
