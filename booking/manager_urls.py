"""Every address of the manager area, and the view that answers it. Who may see it, the view says (`access.may`)."""

from django.urls import path

from booking.views.manager import start

app_name = "manager"

urlpatterns = [
    path("", start.start, name="start"),
]
