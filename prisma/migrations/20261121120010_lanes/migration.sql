-- Lanes: deliveries to one spoke under one key go out one at a time, in the order of `lane_seq`.

-- Taken while the lane's row is locked: within a lane its order is the order of the commits.
CREATE SEQUENCE nave_lane_seq AS bigint;

-- A row lives as long as its lane has a head: the one delivery that is not held back. Everything else of the lane is `held` by `lane`, with nothing due.
-- Most rows live for one delivery, so their pages keep room for the changes of those that live longer.
CREATE TABLE lane (
  spoke text NOT NULL,
  key text NOT NULL,
  head uuid NOT NULL,
  -- No delivery of the lane has a smaller id: keeps the search for the next one out of the partitions of older days.
  low uuid NOT NULL,
  parked_at timestamptz(3),
  CONSTRAINT lane_pkey PRIMARY KEY (spoke, key)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX lane_parked_idx ON lane (spoke, key) WHERE parked_at IS NOT NULL;

-- What waits in a lane, in its order.
CREATE INDEX delivery_lane_idx ON delivery (spoke, lane_key, lane_seq, id) WHERE state = 'held' AND held_by = 'lane';

-- Lets a delivery into its lane; true when it is the head and may go. Whoever commits it as held by the lane when this answers false loses nothing: the
-- head's end finds it. Callers with several call it in the order of spoke and key, after they locked the delivery's own row.
CREATE FUNCTION nave_join_lane(of_spoke text, of_key text, of_delivery uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  leads boolean;
BEGIN
  INSERT INTO lane AS l (spoke, key, head, low) VALUES (of_spoke, of_key, of_delivery, of_delivery)
  ON CONFLICT (spoke, key) DO UPDATE SET low = least(l.low, EXCLUDED.low), parked_at = CASE WHEN l.head <> EXCLUDED.head THEN l.parked_at END
  RETURNING head = of_delivery INTO leads;
  RETURN leads;
END
$$;

-- Moves lanes on whose head is finished or gone, parks those whose head waits for a person (dead, or unknown with no lookup due), and answers the new heads. To be called in a transaction of
-- its own after the one that changed a head: every statement within sees what was committed before the lane was locked, so either this finds a delivery
-- that joins, or the joining one finds the lane without a row and leads it. Waits for no delivery: what somebody else is just changing is left to them.
CREATE FUNCTION nave_advance_lanes(spokes text[], keys text[]) RETURNS TABLE (new_spoke text, new_head uuid) LANGUAGE plpgsql AS $$
DECLARE
  asked record;
  found_lane lane%ROWTYPE;
  head_state delivery_state;
  head_held_by held_by;
  head_due_at timestamptz;
  candidate uuid;
  refused uuid;
BEGIN
  -- The order in which everybody locks lanes.
  FOR asked IN SELECT DISTINCT t.spoke, t.key FROM unnest(spokes, keys) AS t(spoke, key) ORDER BY 1, 2 LOOP
    SELECT * INTO found_lane FROM lane l WHERE l.spoke = asked.spoke AND l.key = asked.key FOR UPDATE;
    CONTINUE WHEN NOT FOUND;
    SELECT d.state, d.held_by, d.due_at INTO head_state, head_held_by, head_due_at FROM delivery d WHERE d.id = found_lane.head;
    IF FOUND AND (head_state = 'dead' OR head_state = 'unknown' AND head_due_at IS NULL) THEN
      IF found_lane.parked_at IS NULL THEN
        UPDATE lane l SET parked_at = clock_timestamp() WHERE l.spoke = asked.spoke AND l.key = asked.key;
      END IF;
      CONTINUE;
    END IF;
    IF FOUND AND head_state NOT IN ('succeeded', 'skipped', 'cancelled', 'compensated') AND (head_state <> 'held' OR head_held_by IS DISTINCT FROM 'lane') THEN
      IF found_lane.parked_at IS NOT NULL THEN
        UPDATE lane l SET parked_at = NULL WHERE l.spoke = asked.spoke AND l.key = asked.key;
      END IF;
      CONTINUE;
    END IF;
    refused := NULL;
    LOOP
      SELECT d.id INTO candidate FROM delivery d
      WHERE d.state = 'held' AND d.held_by = 'lane' AND d.spoke = asked.spoke AND d.lane_key = asked.key AND d.id >= found_lane.low
      ORDER BY d.lane_seq, d.id LIMIT 1;
      IF NOT FOUND THEN
        DELETE FROM lane l WHERE l.spoke = asked.spoke AND l.key = asked.key;
        EXIT;
      END IF;
      -- Twice the same: somebody holds its row, and moves the lane on when they are done.
      EXIT WHEN candidate = refused;
      PERFORM 1 FROM delivery d WHERE d.id = candidate AND d.state = 'held' AND d.held_by = 'lane' FOR UPDATE SKIP LOCKED;
      IF FOUND THEN
        UPDATE delivery d SET state = 'pending', held_by = NULL, next_attempt_at = NULL, due_at = now() + interval '5 seconds' WHERE d.id = candidate;
        UPDATE lane l SET head = candidate, parked_at = NULL WHERE l.spoke = asked.spoke AND l.key = asked.key;
        new_spoke := asked.spoke;
        new_head := candidate;
        RETURN NEXT;
        EXIT;
      END IF;
      refused := candidate;
    END LOOP;
  END LOOP;
END
$$;
