-- Deliveries that are dead or unknown, once more in a narrow table: grouping them by cause would otherwise read a page of a large table for each of them.

CREATE TABLE failure (
  delivery_id uuid NOT NULL,
  message_id uuid NOT NULL,
  spoke text NOT NULL,
  operation text NOT NULL,
  route text NOT NULL,
  state delivery_state NOT NULL,
  reason text,
  -- When it came into its state.
  failed_at timestamptz(3) NOT NULL,
  -- Its group; null until it was sorted into one.
  issue uuid,
  CONSTRAINT failure_pkey PRIMARY KEY (delivery_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX failure_issue_idx ON failure (issue, delivery_id);
CREATE INDEX failure_failed_at_idx ON failure (failed_at, delivery_id);

-- Kept by triggers, so that whatever changes a delivery keeps it too, in the same transaction. They touch one row of this table and nothing of the large ones:
-- looking at attempts here would start a statement over all of their partitions for each delivery.
CREATE FUNCTION nave_note_failure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM failure WHERE delivery_id = OLD.id;
  ELSIF NEW.state IN ('dead', 'unknown') THEN
    INSERT INTO failure AS f (delivery_id, message_id, spoke, operation, route, state, reason, failed_at)
    VALUES (NEW.id, NEW.message_id, NEW.spoke, NEW.operation, NEW.route, NEW.state, NEW.reason, coalesce(NEW.finished_at, clock_timestamp()))
    ON CONFLICT (delivery_id) DO UPDATE SET state = EXCLUDED.state, reason = EXCLUDED.reason, failed_at = EXCLUDED.failed_at, issue = NULL;
  ELSE
    DELETE FROM failure WHERE delivery_id = NEW.id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER delivery_failed_insert AFTER INSERT ON delivery FOR EACH ROW
  WHEN (NEW.state = 'dead' OR NEW.state = 'unknown') EXECUTE FUNCTION nave_note_failure();
CREATE TRIGGER delivery_failed_update AFTER UPDATE OF state ON delivery FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND (NEW.state = 'dead' OR NEW.state = 'unknown' OR OLD.state = 'dead' OR OLD.state = 'unknown'))
  EXECUTE FUNCTION nave_note_failure();
CREATE TRIGGER delivery_failed_delete AFTER DELETE ON delivery FOR EACH ROW
  WHEN (OLD.state = 'dead' OR OLD.state = 'unknown') EXECUTE FUNCTION nave_note_failure();

-- The first line of a detail without what differs from one delivery to the next: quoted parts, and words with a digit in them (ids, numbers, times, addresses).
-- The status is part of the group by itself.
CREATE FUNCTION nave_error_line(detail text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(btrim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(left(split_part(detail, E'\n', 1), 300),
    '^answered [0-9]+(; )?', ''),
    '"[^"]*("|$)|“[^”]*(”|$)|„[^“”]*([“”]|$)|`[^`]*(`|$)|(?<!\w)''[^'']*(''|$)', '…', 'g'),
    '[\w-]*[0-9][\w-]*([:.,/+][\w-]*[0-9][\w-]*)*', '#', 'g'),
    '\s+', ' ', 'g')), 160)
$$;

-- Of a delivery's reason and the detail of its last attempt (null without one): the text that tells its cause.
CREATE FUNCTION nave_failure_line(reason text, detail text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT nave_error_line(coalesce(detail, substr(reason, length(split_part(reason, ':', 1)) + 2), ''))
$$;

-- The group of a delivery: derived from what all of its deliveries have in common, so it is the same wherever and whenever it is worked out.
CREATE FUNCTION nave_issue_id(state delivery_state, spoke text, operation text, outcome outcome_kind, status integer, reason text, detail text)
RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT left(encode(sha256(convert_to(
    jsonb_build_array(state::text, spoke, operation, outcome::text, status, split_part(reason, ':', 1), nave_failure_line(reason, detail))::text, 'UTF8')), 'hex'), 32)::uuid
$$;

INSERT INTO failure (delivery_id, message_id, spoke, operation, route, state, reason, failed_at)
SELECT id, message_id, spoke, operation, route, state, reason, coalesce(finished_at, created_at) FROM delivery WHERE state IN ('dead', 'unknown');
