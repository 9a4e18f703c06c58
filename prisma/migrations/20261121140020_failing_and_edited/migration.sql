-- What has failed and is not over, newest first: the search for the text of an error looks at these few only. Rows that succeed at once never enter it.
CREATE INDEX delivery_failing_idx ON delivery (id) WHERE state IN ('dead', 'unknown', 'retrying') OR (state = 'held' AND attempt_count > 0);

-- Messages that were made from another one by editing it.
CREATE INDEX message_causation_idx ON message (causation_id, id) WHERE causation_id IS NOT NULL;
