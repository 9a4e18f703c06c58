-- Messages with a dead delivery, newest first, for one system or all: asked of the narrow table of failures instead of an index on the tables of every day.

ALTER TABLE failure ADD COLUMN source text;
UPDATE failure f SET source = d.source FROM delivery d WHERE d.id = f.delivery_id;
-- What is left of days that are not kept any more.
DELETE FROM failure WHERE source IS NULL;
ALTER TABLE failure ALTER COLUMN source SET NOT NULL;
CREATE INDEX failure_dead_idx ON failure (message_id) INCLUDE (source) WHERE state = 'dead';
DROP INDEX delivery_dead_idx;

CREATE OR REPLACE FUNCTION nave_note_failure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM failure WHERE delivery_id = OLD.id;
  ELSIF NEW.state IN ('dead', 'unknown') THEN
    INSERT INTO failure AS f (delivery_id, message_id, source, spoke, operation, route, state, reason, failed_at)
    VALUES (NEW.id, NEW.message_id, NEW.source, NEW.spoke, NEW.operation, NEW.route, NEW.state, NEW.reason, coalesce(NEW.finished_at, clock_timestamp()))
    ON CONFLICT (delivery_id) DO UPDATE SET state = EXCLUDED.state, reason = EXCLUDED.reason, failed_at = EXCLUDED.failed_at, issue = NULL;
  ELSE
    DELETE FROM failure WHERE delivery_id = NEW.id;
  END IF;
  RETURN NULL;
END
$$;
