-- code_import (what to read, and how) ── code_import_piece (the file as it came) ── code_import_row (a dry run's preview)
-- due_at: from when a worker may take the import, which is when the lease of the one who has it ends; null when nobody may.
-- size: the bytes that came; also the place of the next piece, so an upload that broke off goes on there.
CREATE TABLE code_import (
    project_id bigint NOT NULL,
    task_id bigint NOT NULL,
    pool_id bigint NOT NULL,
    name text NOT NULL,
    url text,
    options jsonb NOT NULL,
    size bigint NOT NULL DEFAULT 0,
    due_at timestamptz,
    lease uuid,
    attempts integer NOT NULL DEFAULT 0,
    PRIMARY KEY (project_id, task_id),
    FOREIGN KEY (project_id, task_id) REFERENCES task ON DELETE CASCADE,
    FOREIGN KEY (project_id, pool_id) REFERENCES pool ON DELETE CASCADE
);
CREATE INDEX code_import_due ON code_import (project_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX code_import_pool ON code_import (project_id, pool_id, task_id);

-- The file is kept for a while: who wants to extend the dates of codes takes the file of the task and changes it.
CREATE TABLE code_import_piece (
    project_id bigint NOT NULL,
    task_id bigint NOT NULL,
    at bigint NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (project_id, task_id, at),
    FOREIGN KEY (project_id, task_id) REFERENCES code_import ON DELETE CASCADE
);
-- Random codes do not compress, and trying costs more than reading them.
ALTER TABLE code_import_piece ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE code_import_row (
    project_id bigint NOT NULL,
    task_id bigint NOT NULL,
    line bigint NOT NULL,
    value text NOT NULL,
    outcome text NOT NULL,
    detail text,
    PRIMARY KEY (project_id, task_id, line),
    FOREIGN KEY (project_id, task_id) REFERENCES code_import ON DELETE CASCADE
);

ALTER TABLE task ADD COLUMN IF NOT EXISTS started_at timestamptz;

-- is_moved: the lot holds codes that were there before its task, which an undo of the task leaves alone.
ALTER TABLE lot ADD COLUMN is_moved boolean NOT NULL DEFAULT false;
CREATE INDEX lot_task ON lot (project_id, task_id) WHERE task_id IS NOT NULL;
