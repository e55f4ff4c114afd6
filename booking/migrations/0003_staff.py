from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0002_attempt"),
        # After every migrate the roles of staff are brought in step, which needs their tables.
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
                ("staff_id", models.IntegerField(db_index=True, null=True)),
                ("staff_name", models.CharField(max_length=150)),
                ("act", models.CharField(max_length=40)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("subject", models.CharField(blank=True, db_index=True, max_length=64)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("outcome", models.CharField(max_length=10)),
                ("changes", models.JSONField(default=dict)),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="BusinessChoice",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("value", models.JSONField()),
            ],
            options={"default_permissions": ()},
        ),
    ]
