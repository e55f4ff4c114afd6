"""Every address of the site, and the view that answers it."""

from django.urls import path, register_converter

from booking.views import branding, catalogue, checkout, choosing, health, webhooks


class TokenConverter:
    """A draft's token: 192 bits in 32 characters. Anything else is no address of ours."""

    regex = "[A-Za-z0-9_-]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ColourConverter:
    """Six digits of a colour, in small letters: one colour has one address."""

    regex = "[0-9a-f]{6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TokenConverter, "token")
register_converter(ColourConverter, "colour")

app_name = "booking"

urlpatterns = [
    path("", catalogue.product_list, name="product-list"),
    path("products/<slug:product_id>/", choosing.product_detail, name="product-detail"),
    path("checkout/<token:token>/", checkout.resume, name="resume"),
    path("checkout/<token:token>/times/", choosing.change_time, name="times"),
    path("checkout/<token:token>/details/", checkout.details, name="details"),
    path("checkout/<token:token>/sign-in/", checkout.sign_in, name="sign-in"),
    path("checkout/<token:token>/sign-out/", checkout.sign_out, name="sign-out"),
    path("checkout/<token:token>/participants/", checkout.participants, name="participants"),
    path("checkout/<token:token>/check/", checkout.check, name="check"),
    path("checkout/<token:token>/code/", checkout.code, name="code"),
    path("checkout/<token:token>/checking/", checkout.checking, name="checking"),
    path("checkout/<token:token>/confirmed/", checkout.confirmed, name="confirmed"),
    path("checkout/<token:token>/calendar.ics", checkout.calendar, name="calendar"),
    path("webhooks/bookeo/", webhooks.bookeo, name="webhooks"),
    path("theme-<colour:colour>.css", branding.theme, name="theme"),
    path("logo/<slug:digest>", branding.logo, name="logo"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
