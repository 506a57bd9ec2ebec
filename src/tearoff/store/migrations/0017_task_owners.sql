-- task: who began it (empty: it began by itself), the pool that it works for, what its file is called, and whether it only
-- looks. pool_id has no foreign key: a task outlives a pool that never held codes.
ALTER TABLE task
    ADD COLUMN created_by text NOT NULL DEFAULT '',
    ADD COLUMN name text NOT NULL DEFAULT '',
    ADD COLUMN pool_id bigint,
    ADD COLUMN is_dry_run boolean NOT NULL DEFAULT false;

UPDATE task t SET pool_id = i.pool_id, name = i.name,
                  is_dry_run = coalesce((i.options ->> 'is_dry_run')::boolean, false)
  FROM code_import i WHERE i.project_id = t.project_id AND i.task_id = t.task_id;
UPDATE task t SET pool_id = g.pool_id
  FROM generation g WHERE g.project_id = t.project_id AND g.task_id = t.task_id;
UPDATE task t SET pool_id = i.pool_id
  FROM issuance i WHERE i.project_id = t.project_id AND i.task_id = t.task_id;
