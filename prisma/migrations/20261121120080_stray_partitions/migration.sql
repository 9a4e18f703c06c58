-- Makes the partitions of a day (UTC) where they are missing; answers how many were made. Rows of that day that lie in the default partition already, written
-- by a process whose clock was ahead, move into the day's own: in their place they would forbid it for ever, and with it every day after.
CREATE OR REPLACE FUNCTION nave_make_partitions(day date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  child text;
  key text;
  low uuid := nave_uuid_at(day::timestamp AT TIME ZONE 'UTC');
  high uuid := nave_uuid_at((day + 1)::timestamp AT TIME ZONE 'UTC');
  strays boolean;
  made integer := 0;
BEGIN
  FOREACH parent IN ARRAY ARRAY['message', 'message_key', 'delivery', 'attempt'] LOOP
    child := parent || '_' || to_char(day, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(child) IS NOT NULL;
    key := CASE parent WHEN 'message_key' THEN 'message_id' ELSE 'id' END;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I >= %L AND %I < %L)', parent || '_default', key, low, key, high) INTO strays;
    IF strays THEN
      EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_default');
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
      EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
        parent || '_default', key, low, key, high, child);
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child, low, high);
    ELSE
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent, low, high);
    END IF;
    made := made + 1;
  END LOOP;
  RETURN made;
END
$$;
