-- The first schema. Written by hand where Prisma has no words: partitions, partial indexes, storage.

CREATE TYPE delivery_state AS ENUM ('pending', 'active', 'retrying', 'held', 'unknown', 'succeeded', 'dead', 'skipped', 'cancelled', 'compensated');
CREATE TYPE held_by AS ENUM ('breaker', 'pause', 'lane', 'governor', 'approval', 'event');
CREATE TYPE outcome_kind AS ENUM ('ok', 'rejected', 'throttled', 'timeout', 'unreachable', 'fault', 'invalid', 'unknown');

-- Partitioned by day through the UUIDv7 id: retention drops partitions instead of deleting rows. No foreign keys between them for the same reason.
CREATE TABLE message (
  id uuid NOT NULL,
  spoke text NOT NULL,
  type text NOT NULL,
  received_at timestamptz(3) NOT NULL,
  content bytea NOT NULL,
  content_type text NOT NULL,
  size integer NOT NULL,
  idempotency_key text,
  correlation_id text,
  causation_id uuid,
  ordering_key text,
  traceparent text,
  unrouted boolean NOT NULL DEFAULT false,
  CONSTRAINT message_pkey PRIMARY KEY (id)
) PARTITION BY RANGE (id);
-- Sealed bytes do not compress: pglz would only burn time.
ALTER TABLE message ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX message_spoke_idx ON message (spoke, id);
CREATE INDEX message_correlation_idx ON message (correlation_id) WHERE correlation_id IS NOT NULL;
CREATE INDEX message_unrouted_idx ON message (id) WHERE unrouted;

CREATE TABLE message_key (
  message_id uuid NOT NULL,
  name text NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT message_key_pkey PRIMARY KEY (message_id, name)
) PARTITION BY RANGE (message_id);
CREATE INDEX message_key_hash_idx ON message_key (hash);

CREATE TABLE delivery (
  id uuid NOT NULL,
  message_id uuid NOT NULL,
  source text NOT NULL,
  route text NOT NULL,
  route_version integer NOT NULL,
  step smallint NOT NULL,
  step_name text NOT NULL,
  spoke text NOT NULL,
  operation text NOT NULL,
  state delivery_state NOT NULL,
  held_by held_by,
  blocked_by uuid,
  reason text,
  attempt_count integer NOT NULL DEFAULT 0,
  attempt_base integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3),
  due_at timestamptz(3),
  lane_key text,
  lane_seq bigint,
  lease_owner text,
  fence integer NOT NULL DEFAULT 0,
  sending boolean NOT NULL DEFAULT false,
  input bytea,
  output bytea,
  replay_of uuid,
  replay_id uuid,
  created_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  CONSTRAINT delivery_pkey PRIMARY KEY (id)
) PARTITION BY RANGE (id);
ALTER TABLE delivery ALTER COLUMN input SET STORAGE EXTERNAL;
ALTER TABLE delivery ALTER COLUMN output SET STORAGE EXTERNAL;
-- All that the sweep and the queue figures look at: rows leave the index when nothing is due any more.
CREATE INDEX delivery_due_idx ON delivery (spoke, due_at) WHERE due_at IS NOT NULL;
-- What waits for a person or for something else to happen.
CREATE INDEX delivery_waiting_idx ON delivery (state, spoke, id) WHERE state IN ('held', 'unknown', 'dead');
-- Failed messages, newest first.
CREATE INDEX delivery_dead_idx ON delivery (message_id) WHERE state = 'dead';
-- Deliveries of a message share its timestamp and are found by it; a replay's do not.
CREATE INDEX delivery_replayed_idx ON delivery (message_id) WHERE replay_id IS NOT NULL;

CREATE TABLE attempt (
  id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  number integer NOT NULL,
  started_at timestamptz(3) NOT NULL,
  duration_ms integer NOT NULL,
  outcome outcome_kind NOT NULL,
  status integer,
  detail text NOT NULL,
  excerpt bytea,
  CONSTRAINT attempt_pkey PRIMARY KEY (id)
) PARTITION BY RANGE (id);
ALTER TABLE attempt ALTER COLUMN excerpt SET STORAGE EXTERNAL;

-- A row outside every range would be refused; the default partitions catch it.
CREATE TABLE message_default PARTITION OF message DEFAULT;
CREATE TABLE message_key_default PARTITION OF message_key DEFAULT;
CREATE TABLE delivery_default PARTITION OF delivery DEFAULT;
CREATE TABLE attempt_default PARTITION OF attempt DEFAULT;

-- The smallest uuid that a UUIDv7 of this moment can be.
CREATE FUNCTION nave_uuid_at(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Makes the partitions of a day (UTC) where they are missing; answers how many were made.
CREATE FUNCTION nave_make_partitions(day date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  child text;
  made integer := 0;
BEGIN
  FOREACH parent IN ARRAY ARRAY['message', 'message_key', 'delivery', 'attempt'] LOOP
    child := parent || '_' || to_char(day, 'YYYYMMDD');
    IF to_regclass(child) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent,
        nave_uuid_at(day::timestamp AT TIME ZONE 'UTC'), nave_uuid_at((day + 1)::timestamp AT TIME ZONE 'UTC'));
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END
$$;

-- Ends a statement with a code of our choice from within it, so that nothing of it stays.
CREATE FUNCTION nave_fail(code text, message text) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message;
END
$$;

CREATE TABLE idempotency (
  key text NOT NULL,
  spoke text NOT NULL,
  message_id uuid NOT NULL,
  digest bytea NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT idempotency_pkey PRIMARY KEY (key, spoke)
);
-- Rows arrive in the order of their expiry, near enough for a block range index that costs nothing per insert.
CREATE INDEX idempotency_expires_idx ON idempotency USING brin (expires_at) WITH (pages_per_range = 32);

CREATE TABLE accepted_count (
  id bigserial NOT NULL,
  xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
  at timestamptz(3) NOT NULL,
  messages integer NOT NULL,
  digest bytea NOT NULL,
  runs jsonb NOT NULL,
  CONSTRAINT accepted_count_pkey PRIMARY KEY (id)
);
-- The audit's digests cover spans of transactions: one entry per accept transaction, always at the right edge.
CREATE INDEX accepted_count_xid_idx ON accepted_count (xid);

CREATE TABLE spoke (
  name text NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  enabled boolean NOT NULL,
  paused boolean NOT NULL DEFAULT false,
  version integer NOT NULL,
  spec jsonb NOT NULL,
  secrets bytea,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT spoke_pkey PRIMARY KEY (name)
);

CREATE TABLE route (
  name text NOT NULL,
  version integer NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT route_pkey PRIMARY KEY (name)
);

CREATE TABLE route_version (
  route text NOT NULL,
  version integer NOT NULL,
  spec jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  created_by text NOT NULL,
  CONSTRAINT route_version_pkey PRIMARY KEY (route, version)
);

CREATE TABLE data_key (
  id serial NOT NULL,
  scope text NOT NULL,
  day date NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT data_key_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX data_key_scope_day_key ON data_key (scope, day);

CREATE TABLE api_key (
  id uuid NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  spokes text[],
  hash bytea NOT NULL,
  bootstrap boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  CONSTRAINT api_key_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX api_key_hash_key ON api_key (hash);

CREATE TABLE session (
  id uuid NOT NULL,
  hash bytea NOT NULL,
  purpose text NOT NULL,
  key_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT session_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX session_hash_key ON session (hash);

CREATE TABLE replay (
  id uuid NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  filter jsonb NOT NULL,
  rate_per_second integer,
  route_version integer,
  total integer NOT NULL,
  done integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  cursor uuid,
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  CONSTRAINT replay_pkey PRIMARY KEY (id)
);

CREATE TABLE audit (
  id bigserial NOT NULL,
  xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
  at timestamptz(3) NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  detail jsonb NOT NULL,
  seq bigint,
  hash bytea,
  CONSTRAINT audit_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX audit_seq_key ON audit (seq);
CREATE INDEX audit_unsealed_idx ON audit (id) WHERE seq IS NULL;
-- Where the last digest of accepted messages ended.
CREATE INDEX audit_accepted_idx ON audit (seq) WHERE action = 'messages.accepted';

CREATE TABLE checkpoint (
  seq bigint NOT NULL,
  at timestamptz(3) NOT NULL,
  hash bytea NOT NULL,
  signature bytea NOT NULL,
  key_id text NOT NULL,
  CONSTRAINT checkpoint_pkey PRIMARY KEY (seq)
);

CREATE TABLE config_version (
  id integer NOT NULL,
  version bigint NOT NULL,
  CONSTRAINT config_version_pkey PRIMARY KEY (id)
);
INSERT INTO config_version (id, version) VALUES (1, 1);
