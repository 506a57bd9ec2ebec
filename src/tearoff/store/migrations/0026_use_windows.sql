-- A code whose use begins only when its new owner's time is over is worth nothing to them, so its lot gives none then. Both
-- functions that take codes get this condition where they choose lots; the rest of them stays as 0003 and 0024 made it.
DO $$
DECLARE
    taker record; before text; after text;
BEGIN
    FOR taker IN SELECT * FROM (VALUES ('claim_codes', 'l'), ('claim_fresh', 'x')) t(name, lot) LOOP
        before := pg_get_functiondef(taker.name::regproc);
        after := replace(before, format('AND %s.issue_until > p_now', taker.lot),
                         format('AND %1$s.issue_until > p_now AND (p_use_until IS NULL OR %1$s.use_from < p_use_until)', taker.lot));
        IF after = before THEN RAISE EXCEPTION '% chooses no lots', taker.name; END IF;
        EXECUTE after;
    END LOOP;
END $$;
