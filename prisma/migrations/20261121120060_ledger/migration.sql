-- The ledger: what was accepted per route and minute, kept apart from the rows themselves, and what was found when it was last counted again.

-- The route '' counts messages.
CREATE TABLE ledger_minute (
  minute timestamptz(3) NOT NULL,
  route text NOT NULL,
  accepted integer NOT NULL,
  found integer,
  states jsonb,
  open boolean NOT NULL DEFAULT true,
  checked_at timestamptz(3),
  CONSTRAINT ledger_minute_pkey PRIMARY KEY (minute, route)
);
CREATE INDEX ledger_minute_open_idx ON ledger_minute (checked_at NULLS FIRST) WHERE open;
CREATE INDEX ledger_minute_differing_idx ON ledger_minute (minute, route) WHERE found <> accepted;

-- A day as a whole: its totals once its rows were dropped, or why they were not.
CREATE TABLE ledger_day (
  day date NOT NULL,
  totals jsonb,
  blocked_by text,
  tried_at timestamptz(3),
  archived_at timestamptz(3),
  dropped_at timestamptz(3),
  CONSTRAINT ledger_day_pkey PRIMARY KEY (day)
);

CREATE TABLE ledger_difference (
  id bigserial NOT NULL,
  kind text NOT NULL,
  route text NOT NULL,
  day date NOT NULL,
  minute_from timestamptz(3) NOT NULL,
  minute_to timestamptz(3) NOT NULL,
  accepted integer NOT NULL,
  found integer NOT NULL,
  message_ids uuid[],
  detail jsonb NOT NULL,
  found_at timestamptz(3) NOT NULL,
  resolved_at timestamptz(3),
  CONSTRAINT ledger_difference_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ledger_difference_standing_key ON ledger_difference (kind, route, day) WHERE resolved_at IS NULL;

-- One row: how far the ledger has come.
CREATE TABLE ledger_state (
  id integer NOT NULL,
  started_at timestamptz(3) NOT NULL,
  folded_xid bigint NOT NULL DEFAULT 0,
  folded_id bigint NOT NULL DEFAULT 0,
  floor_id bigint NOT NULL DEFAULT 0,
  checked_until timestamptz(3) NOT NULL,
  patrolled_until timestamptz(3) NOT NULL,
  patrol_began_at timestamptz(3),
  verified_seq bigint NOT NULL DEFAULT 0,
  rolled_seq bigint NOT NULL DEFAULT 0,
  CONSTRAINT ledger_state_pkey PRIMARY KEY (id)
);
-- Counters of an earlier version do not count messages by minute: what they cover cannot be checked.
INSERT INTO ledger_state (id, started_at, checked_until, patrolled_until)
SELECT 1, at, at, at FROM (
  SELECT CASE WHEN EXISTS (SELECT FROM accepted_count) THEN date_trunc('minute', now()) + interval '2 minutes' ELSE 'epoch'::timestamptz END AS at
) AS start;

-- Moment of a UUIDv7, to the millisecond.
CREATE FUNCTION nave_moment_of(id uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_timestamp(('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 1000.0)
$$;

-- Minute of a UUIDv7: read from the id alone, so that an index is enough to count.
CREATE FUNCTION nave_minute_of(id uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_timestamp((('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 60000) * 60)
$$;

-- Where the signed roll-ups of acceptance counters are in the chain.
CREATE INDEX audit_rolledup_idx ON audit (((detail->>'toSeq')::bigint)) WHERE action = 'ledger.rolledup';
