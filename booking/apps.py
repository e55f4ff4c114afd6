from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BookingConfig(AppConfig):
    name = "booking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from booking import checks  # registers the deployment checks; its models are ready only now
        from booking.services import staff_acts
        from booking.views.manager import entry_records

        checks.register_all()
        entry_records.connect()
        post_migrate.connect(staff_acts.keep_in_step, sender=self)
