-- pool.lookup: how the codes of a pool are found by what people type: `exact`ly, or `loose`ly, with case and separators
-- left out. code_fold has a row a code of a loose pool, so that exact pools pay nothing; the key is what the code folds to,
-- so no two codes of loose pools read alike. A row whose code went, or is in an exact pool now, counts for nothing.
ALTER TABLE pool
    ADD COLUMN lookup text NOT NULL DEFAULT 'exact' CONSTRAINT pool_lookup CHECK (lookup IN ('exact', 'loose'));

CREATE TABLE code_fold (
    project_id bigint NOT NULL,
    folded text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    PRIMARY KEY (project_id, folded)
);

-- What is left of a code without case and separators; null where nothing is left. The letters are named one by one (Latin and
-- Cyrillic), so that the same code folds alike in every database, whatever its collation is.
CREATE FUNCTION fold_code(p_value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    nullif(translate(p_value,
                     'abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюяёґєії'
                         || U&' \00A0-_.,:;/\\|\2010\2011\2012\2013\2014\2212',
                     'ABCDEFGHIJKLMNOPQRSTUVWXYZАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁҐЄІЇ'), '');
