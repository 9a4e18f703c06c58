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

-- Moves lanes on whose head is finished or gone, parks those whose head waits for a person (dead, or unknown with no lookup due), and answers the new heads.
-- To be called in a transaction of its own after the one that changed a head: every statement within sees what was committed before the lanes were locked,
-- so either this finds a delivery that joins, or the joining one finds the lane without a row and leads it. Waits for no delivery: what somebody else is just
-- changing is left to them. A few statements over all lanes, not a few for each: starting one over a partitioned table costs more than what it does.
CREATE FUNCTION nave_advance_lanes(spokes text[], keys text[]) RETURNS TABLE (new_spoke text, new_head uuid) LANGUAGE plpgsql AS $$
DECLARE
  locked_spokes text[];
  locked_keys text[];
  heads uuid[];
  lows uuid[];
  parked boolean[];
  low uuid;
  high uuid;
  turning_spokes text[];
  turning_keys text[];
  moving_spokes text[];
  moving_keys text[];
  candidates uuid[];
  promoted uuid[];
BEGIN
  -- In the order in which everybody locks lanes.
  SELECT array_agg(x.spoke), array_agg(x.key), array_agg(x.head), array_agg(x.low), array_agg(x.parked_at IS NOT NULL)
  INTO locked_spokes, locked_keys, heads, lows, parked
  FROM (SELECT DISTINCT t.spoke, t.key FROM unnest(spokes, keys) AS t(spoke, key) ORDER BY 1, 2 OFFSET 0) AS asked
    CROSS JOIN LATERAL (SELECT * FROM lane l WHERE l.spoke = asked.spoke AND l.key = asked.key FOR UPDATE) AS x;
  IF locked_spokes IS NULL THEN RETURN; END IF;

  low := (SELECT u FROM unnest(heads) AS u ORDER BY u LIMIT 1);
  high := (SELECT u FROM unnest(heads) AS u ORDER BY u DESC LIMIT 1);
  WITH staying AS MATERIALIZED (
    SELECT d.id, d.state = 'dead' OR d.state = 'unknown' AND d.due_at IS NULL AS stuck FROM delivery d
    WHERE d.id = ANY(heads) AND d.id >= low AND d.id <= high
      AND d.state NOT IN ('succeeded', 'skipped', 'cancelled', 'compensated') AND (d.state <> 'held' OR d.held_by IS DISTINCT FROM 'lane')
  ), seen AS MATERIALIZED (
    SELECT t.spoke, t.key, t.head NOT IN (SELECT staying.id FROM staying) AS moves,
      (t.head IN (SELECT staying.id FROM staying WHERE staying.stuck)) <> t.was_parked AS turns
    FROM unnest(locked_spokes, locked_keys, heads, parked) AS t(spoke, key, head, was_parked)
  )
  SELECT array_agg(seen.spoke) FILTER (WHERE seen.moves), array_agg(seen.key) FILTER (WHERE seen.moves),
    array_agg(seen.spoke) FILTER (WHERE NOT seen.moves AND seen.turns), array_agg(seen.key) FILTER (WHERE NOT seen.moves AND seen.turns)
  INTO moving_spokes, moving_keys, turning_spokes, turning_keys FROM seen;

  IF turning_spokes IS NOT NULL THEN
    UPDATE lane l SET parked_at = CASE WHEN l.parked_at IS NULL THEN clock_timestamp() END
    FROM unnest(turning_spokes, turning_keys) AS t(spoke, key) WHERE l.spoke = t.spoke AND l.key = t.key;
  END IF;

  -- A candidate that was just cancelled is passed over in the next round; one that somebody still holds is theirs: they move the lane on when they are done.
  FOR round IN 1..3 LOOP
    EXIT WHEN moving_spokes IS NULL;
    low := (SELECT u FROM unnest(lows) AS u ORDER BY u LIMIT 1);
    SELECT array_agg(t.spoke), array_agg(t.key), array_agg(c.id) INTO moving_spokes, moving_keys, candidates
    FROM unnest(moving_spokes, moving_keys) AS t(spoke, key) LEFT JOIN LATERAL (
      SELECT d.id FROM delivery d WHERE d.state = 'held' AND d.held_by = 'lane' AND d.spoke = t.spoke AND d.lane_key = t.key AND d.id >= low
      ORDER BY d.lane_seq, d.id LIMIT 1
    ) AS c ON true;
    DELETE FROM lane l USING unnest(moving_spokes, moving_keys, candidates) AS t(spoke, key, id) WHERE l.spoke = t.spoke AND l.key = t.key AND t.id IS NULL;

    low := (SELECT u FROM unnest(candidates) AS u WHERE u IS NOT NULL ORDER BY u LIMIT 1);
    EXIT WHEN low IS NULL;
    high := (SELECT u FROM unnest(candidates) AS u WHERE u IS NOT NULL ORDER BY u DESC LIMIT 1);
    WITH free AS MATERIALIZED (
      SELECT d.id FROM delivery d WHERE d.id = ANY(candidates) AND d.id >= low AND d.id <= high AND d.state = 'held' AND d.held_by = 'lane' FOR UPDATE SKIP LOCKED
    ), changed AS (
      UPDATE delivery d SET state = 'pending', held_by = NULL, next_attempt_at = NULL, due_at = now() + interval '5 seconds'
      WHERE d.id = ANY(ARRAY(SELECT free.id FROM free)) AND d.id >= low AND d.id <= high RETURNING d.id
    )
    SELECT array_agg(changed.id) INTO promoted FROM changed;
    UPDATE lane l SET head = t.id, parked_at = NULL FROM unnest(moving_spokes, moving_keys, candidates) AS t(spoke, key, id)
    WHERE l.spoke = t.spoke AND l.key = t.key AND t.id = ANY(promoted);
    RETURN QUERY SELECT t.spoke, t.id FROM unnest(moving_spokes, candidates) AS t(spoke, id) WHERE t.id = ANY(promoted);

    SELECT array_agg(t.spoke), array_agg(t.key) INTO moving_spokes, moving_keys
    FROM unnest(moving_spokes, moving_keys, candidates) AS t(spoke, key, id) WHERE t.id IS NOT NULL AND NOT t.id = ANY(coalesce(promoted, '{}'));
  END LOOP;
END
$$;
