-- How far each poll of a spoke has come, when it is due again, and which process works on it.
CREATE TABLE poll_cursor (
  spoke text NOT NULL,
  name text NOT NULL,
  -- A cursor means something to one kind only.
  kind text NOT NULL,
  cursor text,
  polled_at timestamptz(3),
  next_at timestamptz(3) NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  last_error text,
  owner text,
  lease_until timestamptz(3),
  -- Rises with every claim: a process that slept past its lease changes nothing.
  fence integer NOT NULL DEFAULT 0,
  CONSTRAINT poll_cursor_pkey PRIMARY KEY (spoke, name),
  -- A spoke that is made anew under the same name begins anew.
  CONSTRAINT poll_cursor_spoke_fkey FOREIGN KEY (spoke) REFERENCES spoke (name) ON DELETE CASCADE ON UPDATE CASCADE
);
