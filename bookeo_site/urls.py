"""The root of all addresses. What the site does is in booking/urls.py and, for staff, in booking/manager_urls.py."""

from django.urls import include, path

urlpatterns = [
    path("", include("booking.urls")),
    path("manager/", include("booking.manager_urls")),
    path("manager/", include("booking.entry_urls")),
]

handler400 = "booking.views.errors.bad_request"
handler403 = "booking.views.errors.permission_denied"
handler404 = "booking.views.errors.page_not_found"
handler500 = "booking.views.errors.server_error"
