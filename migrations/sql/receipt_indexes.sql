-- What a receipt looks for stays near, however many lots, containers and movements there are: without these the database's own gates read whole tables.
CREATE INDEX container_receipt ON container (receipt);                                   -- container_gate: what the containers of a receipt hold together
CREATE INDEX lot_written_alike ON lot (item, supplier, upper(supplier_lot));             -- lot_begins: a lot that differs by capitals only
CREATE INDEX ledger_place ON ledger (location, lot) INCLUDE (quantity);                  -- what stands at a location: its newest lots first
