from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models
from django.db.models import Q


def make_the_cache_table(apps: Any, schema_editor: Any) -> None:
    """The table that the processes of one machine share their cache in. It may stay empty where Redis is used."""
    call_command("createcachetable", settings.CACHE_TABLE, database=schema_editor.connection.alias, verbosity=0)


def write_subjects_without_dashes(apps: Any, schema_editor: Any) -> None:
    """A UUID column that has become text reads with dashes on some databases."""
    for attempt in apps.get_model("booking", "Attempt").objects.filter(subject__contains="-"):
        attempt.subject = attempt.subject.replace("-", "")
        attempt.save(update_fields=["subject"])


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="bookingattempt", name="one_live_attempt_per_draft"),
        migrations.RemoveIndex(model_name="bookingattempt", name="booking_boo_state_156b18_idx"),
        migrations.RenameModel(old_name="BookingAttempt", new_name="Attempt"),
        migrations.RenameField(model_name="attempt", old_name="draft_reference", new_name="subject"),
        migrations.RenameField(model_name="attempt", old_name="external_ref", new_name="reference"),
        migrations.RenameField(model_name="attempt", old_name="booking_number", new_name="target"),
        migrations.AlterField(model_name="attempt", name="subject", field=models.CharField(max_length=64)),
        migrations.AlterField(model_name="attempt", name="target", field=models.CharField(blank=True, max_length=64)),
        migrations.AlterField(
            model_name="attempt", name="product_id", field=models.CharField(blank=True, max_length=64)
        ),
        migrations.AlterField(
            model_name="attempt", name="event_id", field=models.CharField(blank=True, max_length=128)
        ),
        migrations.AddField(
            model_name="attempt",
            name="kind",
            field=models.CharField(
                choices=[
                    ("booking", "Booking"),
                    ("change", "Change"),
                    ("cancellation", "Cancellation"),
                    ("payment", "Payment"),
                    ("customer", "Customer"),
                ],
                default="booking",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attempt", name="fingerprint", field=models.CharField(blank=True, max_length=64, default="")
        ),
        migrations.AlterField(
            model_name="attempt", name="fingerprint", field=models.CharField(blank=True, max_length=64)
        ),
        migrations.AlterField(
            model_name="attempt",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("confirmed", "Confirmed"),
                    ("refused", "Refused"),
                    ("unknown", "Unknown"),
                    ("lost", "Lost"),
                    ("duplicate", "Duplicate"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="attempt", index=models.Index(fields=["state", "created_at"], name="attempt_by_state")
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                condition=~Q(("state__in", ["refused", "lost", "duplicate"])),
                fields=("kind", "subject"),
                name="one_live_attempt_per_subject",
            ),
        ),
        migrations.RunPython(write_subjects_without_dashes, migrations.RunPython.noop),
        migrations.RunPython(make_the_cache_table, migrations.RunPython.noop),
    ]
