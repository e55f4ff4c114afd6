"""Signing in and out and changes of one's own access, written into the audit log: Django and allauth tell of them."""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.usersessions.adapter import get_adapter as sessions_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.http import HttpRequest

from booking.services import audit
from booking.services.audit import Actor, Kind, Outcome, OwnAct
from booking.views.http import client_address
from booking.views.manager.access import actor_of


def connect() -> None:
    account.user_logged_in.connect(_signed_in)
    account.password_changed.connect(_password_changed)
    user_login_failed.connect(_sign_in_failed)
    user_logged_out.connect(_signed_out)
    mfa.authentication_failed.connect(_code_failed)
    mfa.authenticator_added.connect(_factor_added)
    mfa.authenticator_removed.connect(_factor_removed)
    mfa.authenticator_reset.connect(_codes_made)


def _signed_in(request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    """With the second factor that was used, if any: a recovery code is worth knowing of."""
    steps = [record["type"] for record in get_authentication_records(request, user) if record["method"] == "mfa"]
    changes = {"second_factor": (None, steps[-1])} if steps else None
    audit.record(actor_of(request), OwnAct.SIGN_IN, changes=changes)


def _sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """What was typed is not kept: it may be somebody else's name, or a password in the wrong field."""
    known = User.objects.filter(username=str(credentials.get("username", ""))).first()
    _failed(request, known)


def _code_failed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _failed(request, user)


def _failed(request: HttpRequest | None, user: User | None) -> None:
    address = client_address(request) if request is not None else ""
    name = (user.get_full_name() or user.get_username()) if user else ""
    audit.record(Actor(user.pk if user else None, name, address), OwnAct.SIGN_IN, outcome=Outcome.REFUSED)


def _signed_out(request: HttpRequest, user: AbstractBaseUser | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record(actor_of(request), OwnAct.SIGN_OUT)


def _password_changed(request: HttpRequest, **kwargs: Any) -> None:
    audit.record(actor_of(request), OwnAct.CHANGE_PASSWORD)


def _factor_added(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Other devices signed in without it, so they sign in again. Recovery codes come along with the first factor."""
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        audit.record(actor_of(request), OwnAct.MAKE_RECOVERY_CODES)
        return
    others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
    sessions_adapter().end_sessions(list(others))
    _about_factor(request, OwnAct.ADD_SECOND_FACTOR, (None, authenticator.type))


def _factor_removed(request: HttpRequest, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        _about_factor(request, OwnAct.REMOVE_SECOND_FACTOR, (authenticator.type, None))


def _codes_made(request: HttpRequest, **kwargs: Any) -> None:
    audit.record(actor_of(request), OwnAct.MAKE_RECOVERY_CODES)


def _about_factor(request: HttpRequest, act: OwnAct, change: audit.Change) -> None:
    actor = actor_of(request)
    changes = {"second_factor": change}
    audit.record(actor, act, kind=Kind.STAFF, subject=str(actor.staff_id), changes=changes)
