-- name: listen
-- The channel of all hints; the payload is the actor.
LISTEN tearoff;
