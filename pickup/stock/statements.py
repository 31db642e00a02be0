"""What the ledger books with one statement for any number of lines.

In each, `part` is how much (in base units) of which stock concerns which line. Several parts may lie in the same stock,
or belong to the same line; since a statement changes a row only once, each row gets the sum of its parts. The rows of
`stock_stock` must be locked before, by `ledger.lock`.
"""

# ruff: noqa: S608 - the text is ours, what comes from outside are parameters

# How much of each line is reserved in a warehouse.
DUE = """
SELECT line_id, sum(reservation.quantity)
FROM stock_reservation reservation
    JOIN orders_line line ON line.id = line_id
    JOIN stock_stock stock ON stock.id = stock_id
WHERE line.order_id = %s AND stock.warehouse_id = %s
GROUP BY line_id"""

# What is reserved for an order, wherever it lies, with what its lines are called; it locks the stock.
HELD = """
SELECT stock.id, warehouse_id, reservation.quantity,
    line.id, position, line.product_id,
    product.id, product.name, product.name_en, product.unit_id,
    unit.id, unit.name, unit.name_en
FROM stock_reservation reservation
    JOIN orders_line line ON line.id = line_id
    JOIN stock_stock stock ON stock.id = stock_id
    JOIN catalog_product product ON product.id = line.product_id
    JOIN catalog_unit unit ON unit.id = product.unit_id
WHERE line.order_id = %s
ORDER BY warehouse_id, stock.product_id, batch, line.id
FOR NO KEY UPDATE OF stock"""

# Of lines, stocks and quantities, which stand side by side. How many there are the database is not shown when it plans
# (each list is the answer of a question), so that one plan serves for all.
PART_KINDS = ["bigint[]", "bigint[]", "numeric[]"]
PART = """
WITH part AS (
    SELECT * FROM unnest((SELECT %s::bigint[]), (SELECT %s::bigint[]), (SELECT %s::numeric[]))
    AS part (line_id, stock_id, quantity)
), of_stock AS (
    SELECT stock_id, sum(quantity) AS quantity FROM part GROUP BY stock_id
), of_line AS (
    SELECT line_id, sum(quantity) AS quantity FROM part GROUP BY line_id
)"""

RESERVE = (
    PART
    + """, stocked AS (
    UPDATE stock_stock SET reserved = reserved + of_stock.quantity FROM of_stock WHERE id = stock_id
)
INSERT INTO stock_reservation (line_id, stock_id, quantity) SELECT line_id, stock_id, quantity FROM part"""
)

RELEASE = (
    PART
    + """, stocked AS (
    UPDATE stock_stock SET reserved = reserved - of_stock.quantity FROM of_stock WHERE id = stock_id
)
DELETE FROM stock_reservation USING part
WHERE stock_reservation.line_id = part.line_id AND stock_reservation.stock_id = part.stock_id"""
)

# With the sign of the quantities, and kind, time, actor, reason and reference of the movements.
MOVED_KINDS = ["numeric", "text", "timestamptz", "bigint", "text", "text"]
MOVED = """
INSERT INTO stock_movement (warehouse_id, product_id, batch, quantity, kind, at, by_id, reason, reference, line_id)
SELECT warehouse_id, product_id, batch, %s * part.quantity, %s, %s, %s, %s, %s, line_id
FROM part JOIN stock_stock ON stock_stock.id = stock_id
ORDER BY warehouse_id, product_id, batch, line_id"""

HAND_OUT = (
    PART
    + """, used_up AS (
    DELETE FROM stock_reservation USING part
    WHERE stock_reservation.line_id = part.line_id AND stock_reservation.stock_id = part.stock_id
        AND stock_reservation.quantity = part.quantity
), used AS (
    UPDATE stock_reservation SET quantity = stock_reservation.quantity - part.quantity FROM part
    WHERE stock_reservation.line_id = part.line_id AND stock_reservation.stock_id = part.stock_id
        AND stock_reservation.quantity > part.quantity
), stocked AS (
    UPDATE stock_stock SET quantity = stock_stock.quantity - of_stock.quantity, reserved = reserved - of_stock.quantity
    FROM of_stock WHERE id = stock_id
), counted AS (
    UPDATE orders_line SET collected = collected + of_line.quantity FROM of_line WHERE id = line_id
)"""
    + MOVED
)

# What a customer gave back lies there for anybody; of the lines it is not to be delivered any more.
COME_BACK = (
    PART
    + """, stocked AS (
    UPDATE stock_stock SET quantity = stock_stock.quantity + of_stock.quantity FROM of_stock WHERE id = stock_id
), counted AS (
    UPDATE orders_line SET collected = collected - of_line.quantity, returned = returned + of_line.quantity
    FROM of_line WHERE id = line_id
)"""
    + MOVED
)

TAKE_BACK = (
    PART
    + """, promised AS (
    INSERT INTO stock_reservation (line_id, stock_id, quantity) SELECT line_id, stock_id, quantity FROM part
    ON CONFLICT (line_id, stock_id) DO UPDATE SET quantity = stock_reservation.quantity + EXCLUDED.quantity
), stocked AS (
    UPDATE stock_stock SET quantity = stock_stock.quantity + of_stock.quantity, reserved = reserved + of_stock.quantity
    FROM of_stock WHERE id = stock_id
), counted AS (
    UPDATE orders_line SET collected = collected - of_line.quantity FROM of_line WHERE id = line_id
)"""
    + MOVED
)
