"""A page for what the business's own key may not do at Bookeo: it names the permission, which the owner can grant."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase

from booking.services.key_permissions import PermissionMissing
from booking.views.http import View, page
from booking.views.manager.failures import Words


def permission_named(view: View) -> Callable[..., HttpResponseBase]:
    """Show which permission of the key is missing, where a call is refused for it."""

    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except PermissionMissing as error:
            text = (
                f"The key of this site lacks the permission “{error.permission}”. The owner can grant it in Bookeo’s "
                "back office, where the key was made. Nothing was changed."
            )
            context = {"words": Words("Bookeo does not let this site do that", text)}
            return page(request, "manager/failure.html", context, status=error.status)

    return shown
