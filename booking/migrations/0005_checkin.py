from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking", "0004_webhookmessage")]

    operations = [
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("booking_number", models.CharField(max_length=64, unique=True)),
                ("staff_id", models.IntegerField(null=True)),
                ("staff_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"default_permissions": ()},
        ),
    ]
