from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking", "0003_staff")]

    operations = [
        migrations.CreateModel(
            name="WebhookMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.CharField(max_length=128, unique=True)),
                ("domain", models.CharField(max_length=16)),
                ("type", models.CharField(max_length=16)),
                ("item_id", models.CharField(blank=True, max_length=64)),
                ("product_id", models.CharField(blank=True, max_length=64)),
                ("previous_lost", models.BooleanField(default=False)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                ("done_at", models.DateTimeField(blank=True, db_index=True, null=True)),
            ],
            options={"default_permissions": ()},
        ),
    ]
