from django.db import migrations

# Only what the review has not passed yet is asked whether a price is too low.
UNTIL_NOW = """
UPDATE orders_order SET low_price = true
WHERE status IN ('draft', 'submitted', 'returned')
  AND EXISTS (SELECT 1 FROM orders_line WHERE order_id = orders_order.id AND price < lowest)
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_low_price")]

    operations = [migrations.RunSQL(UNTIL_NOW, migrations.RunSQL.noop)]
