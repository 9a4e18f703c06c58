-- What keeps deliveries to a spoke back at the moment: breaker, back-off, a drain after a pause. Spokes in their ordinary state have no row.
CREATE TABLE spoke_flow (
  spoke text NOT NULL,
  breaker text NOT NULL DEFAULT 'closed',
  failures integer NOT NULL DEFAULT 0,
  opened_at timestamptz(3),
  probe_at timestamptz(3),
  throttled_until timestamptz(3),
  drain_started_at timestamptz(3),
  drain_rate integer,
  budget_exhausted_at timestamptz(3),
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT spoke_flow_pkey PRIMARY KEY (spoke),
  CONSTRAINT spoke_flow_breaker_check CHECK (breaker IN ('closed', 'open', 'half-open'))
);

-- Workers look several times a second which spokes are shut.
CREATE INDEX spoke_shut_idx ON spoke (name) WHERE paused OR NOT enabled;

-- What a breaker, a pause or a drain keeps back, oldest first. What a paused replay keeps back names the replay in blocked_by and is not among it.
-- The time is in no other index of waiting rows: asked for in its order, the planner cannot walk over all that a lane or an approval holds.
CREATE INDEX delivery_governed_idx ON delivery (spoke, held_by, created_at, id)
  WHERE state = 'held' AND held_by IN ('breaker', 'pause', 'governor') AND blocked_by IS NULL;
-- What a replay made and has not come to an end: pausing and stopping it acts on these.
CREATE INDEX delivery_replaying_idx ON delivery (replay_id, id) WHERE replay_id IS NOT NULL AND state IN ('pending', 'retrying', 'held');
