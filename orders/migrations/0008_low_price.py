from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_joint_sessions")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="low_price",
            field=models.BooleanField(default=False, verbose_name="a price is below the lowest"),
        ),
    ]
