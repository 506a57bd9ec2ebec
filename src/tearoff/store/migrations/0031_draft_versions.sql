-- Who saves a draft says which one it is based on, so that nobody's newer one is lost; drafted_by is empty for what was saved
-- before this was kept.
ALTER TABLE workflow
    ADD COLUMN draft_version integer NOT NULL DEFAULT 1,
    ADD COLUMN drafted_at timestamptz,
    ADD COLUMN drafted_by text NOT NULL DEFAULT '';
UPDATE workflow SET drafted_at = updated_at;
ALTER TABLE workflow ALTER COLUMN drafted_at SET NOT NULL;
