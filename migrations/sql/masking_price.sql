-- What a line of an order costs: of one unit of the item, in a currency of ISO 4217; both or neither.
ALTER TABLE order_line
  ADD COLUMN unit_price numeric CONSTRAINT order_line_price_known CHECK (unit_price > 0 AND unit_price < 1000000000000 AND scale(unit_price) <= 6),     -- refuses NaN and Infinity too
  ADD COLUMN currency text CONSTRAINT order_line_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT order_line_price_whole CHECK ((unit_price IS NULL) = (currency IS NULL));
GRANT INSERT (unit_price, currency) ON order_line TO lineside_may_keep_materials;
CALL keep_plain('order_line');
