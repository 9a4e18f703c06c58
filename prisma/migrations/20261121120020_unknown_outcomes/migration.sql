-- Leases that ran out since the last result (a delivery that kills its workers is found by it), and lookups since the last request left.
ALTER TABLE delivery ADD COLUMN lost smallint NOT NULL DEFAULT 0, ADD COLUMN lookups smallint NOT NULL DEFAULT 0;
