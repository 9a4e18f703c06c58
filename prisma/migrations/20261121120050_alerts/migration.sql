-- Alert rules and the alerts they raised.

CREATE TABLE alert_rule (
  name text NOT NULL,
  spec jsonb NOT NULL,
  version integer NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT alert_rule_pkey PRIMARY KEY (name)
);

CREATE TABLE alert (
  id uuid NOT NULL,
  rule text NOT NULL,
  subject text NOT NULL,
  group_key text NOT NULL,
  severity text NOT NULL,
  state text NOT NULL,
  summary text NOT NULL,
  detail jsonb NOT NULL,
  opened_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  resolved_at timestamptz(3),
  acknowledged_at timestamptz(3),
  acknowledged_by text,
  notified jsonb NOT NULL,
  settled boolean NOT NULL DEFAULT false,
  CONSTRAINT alert_pkey PRIMARY KEY (id)
);
-- The same alert is never open twice, whoever evaluates.
CREATE UNIQUE INDEX alert_firing_idx ON alert (rule, subject) WHERE state = 'firing';
-- What fires, and what is resolved but not told yet.
CREATE INDEX alert_open_idx ON alert (id) WHERE NOT settled;
CREATE INDEX alert_updated_at_idx ON alert (updated_at);
CREATE INDEX alert_rule_id_idx ON alert (rule, id);

-- The rules that are on from the first start. They tell nobody until somebody says whom.
INSERT INTO alert_rule (name, spec, version, created_at, updated_at)
SELECT name, jsonb_build_object('when', condition::jsonb, 'spokes', '["*"]'::jsonb, 'for', wait, 'severity', severity, 'notify', '[]'::jsonb, 'groupBy', 'spoke',
    'repeat', '4h', 'quiet', '[]'::jsonb, 'quietCritical', false, 'enabled', true), 1, now(), now()
FROM (VALUES
  ('dead', '{"condition":"dead","count":1,"window":null}', '0s', 'warning'),
  ('parked', '{"condition":"parked","count":1}', '0s', 'warning'),
  ('unknown', '{"condition":"unknown","count":1}', '0s', 'critical'),
  ('breaker', '{"condition":"breaker"}', '0s', 'warning'),
  ('ledger', '{"condition":"ledger"}', '0s', 'critical'),
  ('backlog', '{"condition":"backlog","olderThan":"15m"}', '0s', 'warning'),
  ('retry-budget', '{"condition":"retryBudget"}', '0s', 'warning'),
  ('retention', '{"condition":"retention"}', '0s', 'warning'),
  ('sign-ins', '{"condition":"signIns","count":20,"window":"5m"}', '0s', 'warning')
) AS built_in (name, condition, wait, severity);
