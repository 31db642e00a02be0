from django.db import migrations

# Tier, place in queues, dedicated owner, days from one visit to the next. A discount is for the company to grant.
SERVICES = (
    ("vip", 2, True, 30),
    ("key", 1, True, 60),
    ("regular", 0, False, 90),
    ("potential", 0, False, 0),
)


def make(apps, schema_editor):
    Service = apps.get_model("tiers", "Service")
    for tier, priority, owner, days in SERVICES:
        Service.objects.create(tier=tier, priority=priority, dedicated_owner=owner, visit_days=days)


class Migration(migrations.Migration):
    dependencies = [("tiers", "0001_tables")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
