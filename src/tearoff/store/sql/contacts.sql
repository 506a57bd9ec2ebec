-- name: lock
-- Writers that name the same keys go one after the other. Slots keep the number of locks bounded; the unique
-- constraints remain the truth. In order of slot, so that two sets never wait for each other.
SELECT pg_advisory_xact_lock(q.slot)
  FROM (SELECT DISTINCT (1::bigint << 62) + (%(project_id)s::bigint << 10) + (hashtextextended(u.name, 0) & 1023) AS slot
          FROM unnest(%(names)s::text[]) u(name)
         ORDER BY 1) q;

-- name: find
-- The first key that finds a contact wins: id, external id, email, phone, token, contact key.
SELECT u.o - 1 AS position, coalesce(
           (SELECT c.contact_id FROM contact c WHERE c.project_id = %(project_id)s AND c.contact_id = u.contact_id),
           (SELECT c.contact_id FROM contact c WHERE c.project_id = %(project_id)s AND c.external_id = u.external_id),
           (SELECT l.contact_id FROM locator l
             WHERE l.project_id = %(project_id)s AND l.kind = 'email' AND l.value = u.email),
           (SELECT l.contact_id FROM locator l
             WHERE l.project_id = %(project_id)s AND l.kind = 'sms' AND l.value = u.phone),
           (SELECT l.contact_id FROM locator l
             WHERE l.project_id = %(project_id)s AND l.kind = 'mobilepush' AND l.value = u.token),
           (SELECT l.contact_id FROM locator l
             WHERE l.project_id = %(project_id)s AND l.kind = 'webpush' AND l.value = u.token),
           (SELECT min(c.contact_id) FROM contact c
             WHERE c.project_id = %(project_id)s AND c.contact_key = u.contact_key)) AS contact_id
  FROM unnest(%(contact_ids)s::bigint[], %(external_ids)s::text[], %(emails)s::text[], %(phones)s::text[],
              %(tokens)s::text[], %(contact_keys)s::text[]) WITH ORDINALITY
       u(contact_id, external_id, email, phone, token, contact_key, o)
 ORDER BY u.o;

-- name: add
-- Empty contacts; what they hold is written by `change`.
INSERT INTO contact (project_id, created_at, updated_at)
SELECT %(project_id)s, %(now)s, %(now)s FROM generate_series(1, %(count)s)
RETURNING contact_id;

-- name: hold
-- Rows are locked in one order by every writer, so that two sets never wait for each other.
SELECT contact_id FROM contact
 WHERE project_id = %(project_id)s AND contact_id = ANY (%(contact_ids)s)
 ORDER BY contact_id
   FOR NO KEY UPDATE;

-- name: change
-- Null keeps what is there, an empty string clears it.
UPDATE contact c
   SET external_id = nullif(coalesce(u.external_id, c.external_id), ''),
       contact_key = nullif(coalesce(u.contact_key, c.contact_key), ''),
       first_name = nullif(coalesce(u.first_name, c.first_name), ''),
       last_name = nullif(coalesce(u.last_name, c.last_name), ''),
       language = nullif(coalesce(u.language, c.language), ''),
       time_zone = nullif(coalesce(u.time_zone, c.time_zone), ''),
       address = c.address || u.address,
       fields = jsonb_strip_nulls(c.fields || u.fields),
       updated_at = %(now)s
  FROM jsonb_to_recordset(%(rows)s) u(contact_id bigint, external_id text, contact_key text, first_name text,
                                      last_name text, language text, time_zone text, address jsonb, fields jsonb)
 WHERE c.project_id = %(project_id)s AND c.contact_id = u.contact_id;

-- name: set_fields
-- Several fields of several contacts in one statement; null clears.
UPDATE contact c
   SET fields = jsonb_strip_nulls(c.fields || u.fields), updated_at = %(now)s
  FROM jsonb_to_recordset(%(rows)s) u(contact_id bigint, fields jsonb)
 WHERE c.project_id = %(project_id)s AND c.contact_id = u.contact_id;

-- name: drop_replaced
-- A contact has one address of a single kind: the new one takes the place of the old.
DELETE FROM locator l
 USING unnest(%(contact_ids)s::bigint[], %(kinds)s::text[], %(values)s::text[]) u(contact_id, kind, value)
 WHERE l.project_id = %(project_id)s AND l.contact_id = u.contact_id AND l.kind = u.kind AND l.value <> u.value;

-- name: put_locators
-- An address that another contact had moves here; one that was given up as dead lives again.
INSERT INTO locator (project_id, kind, value, contact_id, device, created_at)
SELECT %(project_id)s, u.kind, u.value, u.contact_id, u.device, %(now)s
  FROM unnest(%(contact_ids)s::bigint[], %(kinds)s::text[], %(values)s::text[], %(devices)s::jsonb[])
       u(contact_id, kind, value, device)
 ORDER BY u.kind, u.value
ON CONFLICT (project_id, kind, value) DO UPDATE
   SET contact_id = excluded.contact_id, device = coalesce(excluded.device, locator.device), dead_at = NULL;

-- name: load
-- What the contacts hold; their locators come beside them.
SELECT contact_id, external_id, contact_key, first_name, last_name, address, language, time_zone, fields,
       created_at, updated_at
  FROM contact
 WHERE project_id = %(project_id)s AND contact_id = ANY (%(contact_ids)s);

-- name: load_locators
-- In the order in which they were given, so that the last one of a kind can be told.
SELECT contact_id, kind, value, device, dead_at IS NOT NULL AS is_dead
  FROM locator
 WHERE project_id = %(project_id)s AND contact_id = ANY (%(contact_ids)s)
 ORDER BY contact_id, created_at, kind, value;

-- name: remove
-- Locators go with it; claims and history keep the bare number.
DELETE FROM contact WHERE project_id = %(project_id)s AND contact_id = %(contact_id)s;

-- name: mark_dead
-- A token that its gateway no longer knows is kept, so that it is not written to again.
UPDATE locator SET dead_at = %(now)s
 WHERE project_id = %(project_id)s AND kind = %(kind)s AND value = ANY (%(values)s) AND dead_at IS NULL;

-- name: list
-- Each filter may be null; email and phone are prefixes, since the vendor's search is not exact either.
SELECT c.contact_id, count(*) OVER () AS total
  FROM contact c
 WHERE c.project_id = %(project_id)s
   AND c.contact_id > %(after)s
   AND (%(external_id)s::text IS NULL OR c.external_id = %(external_id)s)
   AND (%(first_name)s::text IS NULL OR lower(c.first_name) = lower(%(first_name)s))
   AND (%(last_name)s::text IS NULL OR lower(c.last_name) = lower(%(last_name)s))
   AND (%(email)s::text IS NULL OR c.contact_id IN (
           SELECT l.contact_id FROM locator l
            WHERE l.project_id = %(project_id)s AND l.kind = 'email' AND starts_with(l.value, %(email)s)))
   AND (%(phone)s::text IS NULL OR c.contact_id IN (
           SELECT l.contact_id FROM locator l
            WHERE l.project_id = %(project_id)s AND l.kind = 'sms' AND starts_with(l.value, %(phone)s)))
 ORDER BY c.contact_id
OFFSET %(offset)s
 LIMIT %(limit)s;

-- name: search
-- Every way in which a contact may be known, by its beginning. Each part reads a range of one index; the letters after
-- the highest end it. A second word must begin the other name.
SELECT DISTINCT q.contact_id FROM (
    SELECT l.contact_id FROM locator l
     WHERE l.project_id = %(project_id)s AND l.kind = 'email' AND l.value >= %(email)s AND l.value < %(email_end)s
    UNION ALL
    SELECT l.contact_id FROM locator l
     WHERE l.project_id = %(project_id)s AND l.kind = 'sms' AND l.value >= %(phone)s AND l.value < %(phone_end)s
    UNION ALL
    SELECT l.contact_id FROM locator l
     WHERE l.project_id = %(project_id)s AND l.kind = 'mobilepush' AND l.value >= %(token)s AND l.value < %(token_end)s
    UNION ALL
    SELECT l.contact_id FROM locator l
     WHERE l.project_id = %(project_id)s AND l.kind = 'webpush' AND l.value >= %(token)s AND l.value < %(token_end)s
    UNION ALL
    SELECT c.contact_id FROM contact c
     WHERE c.project_id = %(project_id)s AND c.external_id >= %(token)s AND c.external_id < %(token_end)s
    UNION ALL
    SELECT c.contact_id FROM contact c WHERE c.project_id = %(project_id)s AND c.contact_id = %(contact_id)s
    UNION ALL
    SELECT c.contact_id FROM contact c
     WHERE c.project_id = %(project_id)s AND c.first_name IS NOT NULL
       AND lower(c.first_name) COLLATE "C" >= %(name)s AND lower(c.first_name) COLLATE "C" < %(name_end)s
       AND (%(other)s::text IS NULL OR starts_with(lower(c.last_name), %(other)s))
    UNION ALL
    SELECT c.contact_id FROM contact c
     WHERE c.project_id = %(project_id)s AND c.last_name IS NOT NULL
       AND lower(c.last_name) COLLATE "C" >= %(name)s AND lower(c.last_name) COLLATE "C" < %(name_end)s
       AND (%(other)s::text IS NULL OR starts_with(lower(c.first_name), %(other)s))) q
 WHERE q.contact_id > %(after)s
 ORDER BY q.contact_id LIMIT %(limit)s;
