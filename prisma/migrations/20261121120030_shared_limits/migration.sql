-- What each worker process may have under way for a spoke at once: the concurrency of a spoke, shared by all workers. A row without a spoke says that its
-- owner is there. All of it is forgotten when it is over: what is missing here only makes workers ask again.
CREATE TABLE spoke_slot (
  spoke text NOT NULL,
  owner text NOT NULL,
  slots integer NOT NULL,
  wanted integer NOT NULL,
  -- Since when the owner has had slots, or has had none.
  turned_at timestamptz(3) NOT NULL,
  asked_at timestamptz(3) NOT NULL,
  until timestamptz(3) NOT NULL,
  CONSTRAINT spoke_slot_pkey PRIMARY KEY (spoke, owner)
) WITH (fillfactor = 50);

/*
 * Takes, renews and gives back slots of one process for many spokes at once. For each spoke, one process at a time:
 * - what others have is never given twice: the sum over all owners stays within the limit;
 * - `keeps` is under way or may start at any moment and stays with its owner: it cannot be taken away from here;
 * - `targets` is what the owner should come down to as its deliveries end; less than `slots` when others wait for theirs. With more owners than slots they
 *   take turns of a second: who has waited longest comes first.
 * Times are the server's. A lease that ends further ahead than any lease can is from before the clock was put back, and is over.
 */
CREATE FUNCTION nave_take_slots(me text, lease_ms integer, spokes text[], limits integer[], wants integer[], keeps integer[])
RETURNS TABLE (spoke text, slots integer, target integer, contended boolean, peers integer)
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  lease interval := lease_ms * interval '1 millisecond';
  t timestamptz;
  i integer;
  mine spoke_slot%ROWTYPE;
  turned timestamptz;
  free integer;
  claimants integer;
  starving integer;
  empty integer;
  earlier integer;
  cap integer;
  fair integer;
BEGIN
  t := clock_timestamp();
  INSERT INTO spoke_slot AS s VALUES ('', me, 0, 0, t, t, t + lease)
    ON CONFLICT ON CONSTRAINT spoke_slot_pkey DO UPDATE SET asked_at = t, until = t + lease;
  SELECT count(*) INTO peers FROM spoke_slot s WHERE s.spoke = '' AND s.owner <> me AND s.until > t AND s.until <= t + 2 * lease;
  -- What owners left behind that are gone for good.
  IF random() < 0.01 THEN
    DELETE FROM spoke_slot s WHERE (s.spoke, s.owner) IN (
      SELECT o.spoke, o.owner FROM spoke_slot o WHERE o.until <= t - interval '1 minute' LIMIT 100 FOR UPDATE SKIP LOCKED);
  END IF;
  -- Every caller in the same order of the locks, which two spokes may share.
  FOR i IN SELECT n FROM unnest(spokes) WITH ORDINALITY AS u(name, n) ORDER BY hashtext(u.name), u.name LOOP
    PERFORM pg_advisory_xact_lock(7283010, hashtext(spokes[i]));
    t := clock_timestamp();
    DELETE FROM spoke_slot s WHERE s.spoke = spokes[i] AND s.owner <> me AND (s.until <= t OR s.until > t + 2 * lease);
    SELECT * INTO mine FROM spoke_slot s WHERE s.spoke = spokes[i] AND s.owner = me;
    turned := least(t, coalesce(mine.turned_at, t));
    SELECT limits[i] - coalesce(sum(s.slots), 0),
      1 + count(*) FILTER (WHERE s.wanted > 0),
      count(*) FILTER (WHERE s.wanted > s.slots AND s.asked_at > t - interval '2 seconds'),
      count(*) FILTER (WHERE s.slots = 0 AND s.wanted > 0 AND s.asked_at > t - interval '1 second'),
      count(*) FILTER (WHERE s.slots = 0 AND s.wanted > 0 AND s.asked_at > t - interval '1 second' AND s.turned_at < turned)
      INTO free, claimants, starving, empty, earlier
      FROM spoke_slot s WHERE s.spoke = spokes[i] AND s.owner <> me;
    cap := limits[i];
    IF starving > 0 AND claimants > 1 THEN
      fair := limits[i] / claimants;
      IF empty = 0 THEN cap := (limits[i] + claimants - 1) / claimants;
      ELSIF fair > 0 THEN cap := fair;
      ELSIF mine.slots > 0 AND turned < t - interval '900 milliseconds' THEN cap := 0;
      ELSE cap := 1;
      END IF;
    END IF;
    -- Who has slots does not stand behind those who wait: it comes down to its share.
    target := greatest(0, least(wants[i], free - CASE WHEN mine.slots > 0 THEN 0 ELSE earlier END, cap));
    slots := greatest(keeps[i], target);
    contended := starving > 0;
    spoke := spokes[i];
    IF (slots > 0) <> (coalesce(mine.slots, 0) > 0) THEN turned := t; END IF;
    IF slots = 0 AND wants[i] = 0 THEN
      DELETE FROM spoke_slot s WHERE s.spoke = spokes[i] AND s.owner = me;
    ELSE
      INSERT INTO spoke_slot AS s VALUES (spokes[i], me, slots, wants[i], turned, t, t + lease)
        ON CONFLICT ON CONSTRAINT spoke_slot_pkey
        DO UPDATE SET slots = EXCLUDED.slots, wanted = EXCLUDED.wanted, turned_at = EXCLUDED.turned_at, asked_at = EXCLUDED.asked_at, until = EXCLUDED.until;
    END IF;
    RETURN NEXT;
  END LOOP;
  IF spokes = '{}' THEN
    spoke := NULL; slots := 0; target := 0; contended := false;
    RETURN NEXT;
  END IF;
END
$$;

-- Counters of rates where there is no Redis. Losing them in a crash costs one period's count at most.
CREATE UNLOGGED TABLE rate_window (
  key text NOT NULL,
  points integer NOT NULL,
  until timestamptz(3) NOT NULL,
  CONSTRAINT rate_window_pkey PRIMARY KEY (key)
) WITH (fillfactor = 50);
