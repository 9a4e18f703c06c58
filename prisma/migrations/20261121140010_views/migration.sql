-- Saved views of lists: a screen of the dashboard and the filter it is shown with. Kept by the name of a key, so that they outlive its replacement.
CREATE TABLE saved_view (
  id uuid NOT NULL,
  name text NOT NULL,
  screen text NOT NULL,
  query jsonb NOT NULL,
  shared boolean NOT NULL,
  owner text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT saved_view_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX saved_view_name_key ON saved_view (owner, screen, name);
