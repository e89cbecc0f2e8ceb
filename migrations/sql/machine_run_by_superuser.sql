-- Equality beside overlap in one index; its functions stay out of the product's own schema.
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA lineside_meta;
