-- name: add
-- Only the hash of the token in the link.
INSERT INTO password_reset (token_hash, person_id, created_at, expires_at)
VALUES (%(token_hash)s, %(person_id)s, %(now)s, %(expires_at)s);

-- name: is_live
-- Hashing a password is dear, and nobody without a link shall have us do it.
SELECT EXISTS (SELECT FROM password_reset WHERE token_hash = %(token_hash)s AND expires_at > %(now)s);

-- name: take
-- Guarded by the delete: a link works once, however often it is opened at once.
DELETE FROM password_reset WHERE token_hash = %(token_hash)s AND expires_at > %(now)s RETURNING person_id;

-- name: remove_all
-- With a new password the other links of the person are worth nothing; those that ran out go too.
DELETE FROM password_reset WHERE person_id = %(person_id)s OR expires_at <= %(now)s;
