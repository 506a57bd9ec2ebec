-- days_left: the pool also fills itself when, at the pace of its last day and week, it would last for fewer days.
ALTER TABLE refill ADD COLUMN days_left integer CONSTRAINT refill_days_left CHECK (days_left > 0);
