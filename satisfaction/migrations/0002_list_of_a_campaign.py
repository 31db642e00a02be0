from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("satisfaction", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["campaign", "-id"], name="invitations_by_campaign"),
        ),
    ]
