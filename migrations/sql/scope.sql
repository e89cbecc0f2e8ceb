-- Master data: the right counts only at the site the row belongs to. The superuser who installs is the one exception (demand_or_installer).
-- Argument of the trigger: the right. Tables without a site of their own hang on their parent's; items and suppliers belong to all sites.
CREATE FUNCTION demands_right() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  row_here jsonb := to_jsonb(NEW);
  place uuid := CASE TG_TABLE_NAME
    WHEN 'calibration' THEN (SELECT site FROM lineside.asset WHERE id = (row_here ->> 'asset')::uuid)
    WHEN 'order_line' THEN (SELECT site FROM lineside.purchase_order WHERE id = (row_here ->> 'purchase_order')::uuid)
    ELSE (row_here ->> 'site')::uuid END;
BEGIN
  IF place IS NULL AND TG_TABLE_NAME NOT IN ('item', 'supplier', 'site') THEN
    PERFORM lineside.demand(TG_ARGV[0], NULL);
  END IF;
  PERFORM lineside.demand_or_installer(TG_ARGV[0], place);
  RETURN NEW;
END $$;
CREATE TRIGGER demands_right BEFORE INSERT OR UPDATE ON item FOR EACH ROW EXECUTE FUNCTION demands_right('keep_materials');
CREATE TRIGGER demands_right BEFORE INSERT OR UPDATE ON supplier FOR EACH ROW EXECUTE FUNCTION demands_right('keep_materials');
CREATE TRIGGER demands_right BEFORE INSERT ON location FOR EACH ROW EXECUTE FUNCTION demands_right('keep_materials');
CREATE TRIGGER demands_right BEFORE INSERT ON purchase_order FOR EACH ROW EXECUTE FUNCTION demands_right('keep_materials');
CREATE TRIGGER demands_right BEFORE INSERT ON order_line FOR EACH ROW EXECUTE FUNCTION demands_right('keep_materials');
CREATE TRIGGER demands_right BEFORE INSERT ON approval FOR EACH ROW EXECUTE FUNCTION demands_right('approve_supplier');
CREATE TRIGGER demands_right BEFORE INSERT OR UPDATE ON asset FOR EACH ROW EXECUTE FUNCTION demands_right('keep_assets');
CREATE TRIGGER demands_right BEFORE INSERT ON calibration FOR EACH ROW EXECUTE FUNCTION demands_right('calibrate');
CREATE TRIGGER demands_right BEFORE INSERT ON site FOR EACH ROW EXECUTE FUNCTION demands_right('manage_stations');
ALTER TABLE site ADD CONSTRAINT site_zone_known CHECK (timestamptz '2000-01-01 00:00:00+00' AT TIME ZONE zone IS NOT NULL);     -- an unknown zone raises 22023
