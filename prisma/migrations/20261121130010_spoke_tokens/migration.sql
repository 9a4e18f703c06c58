-- Access tokens and log-in sessions of spokes: one for all workers, fetched by whoever holds the lease of its row.
CREATE TABLE spoke_token (
  spoke text NOT NULL,
  -- Keyed hash of all that decides which token it is, secrets included.
  key text NOT NULL,
  -- Rises with every token.
  version integer NOT NULL DEFAULT 0,
  token bytea,
  -- What the next fetch needs, such as a refresh token that rotates.
  kept bytea,
  fetched_at timestamptz(3),
  expires_at timestamptz(3),
  lease_owner text,
  lease_until timestamptz(3),
  -- Rises with every failed fetch, so that those who wait for it fail with it instead of fetching one after the other.
  failures integer NOT NULL DEFAULT 0,
  failure jsonb,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT spoke_token_pkey PRIMARY KEY (spoke, key),
  CONSTRAINT spoke_token_spoke_fkey FOREIGN KEY (spoke) REFERENCES spoke (name) ON DELETE CASCADE ON UPDATE CASCADE
);
