import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { number } from "@/ui/format";
import { done } from "@/ui/notices";
import type { Task } from "@/ui/TaskProgress";

/** Takes back what an import added and nobody has; only where that is possible. */
export function UndoTask({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  const mayEdit = useMayEdit();
  const [isOpen, { open, close }] = useDisclosure();
  const undo = api.useMutation("post", "/v1/tasks/{task_id}/undo", {
    onSuccess: ({ removed, withdrawn, kept }) => {
      close();
      done(t("undone", { removed: number(removed), withdrawn: number(withdrawn), kept: number(kept) }));
    },
  });
  if (!mayEdit || task.kind !== "import" || task.state !== "done" || task.isDryRun) return null;
  const added = task.report.added ?? 0;
  return (
    <>
      <Button variant="default" onClick={open}>
        {t("undo")}
      </Button>
      <ConfirmAct
        title={t("undoTitle", { id: task.id })}
        act={t("undo")}
        isOpen={isOpen}
        isPending={undo.isPending}
        error={undo.error}
        onConfirm={() => undo.mutate({ params: { path: { task_id: task.id } } })}
        onClose={close}
      >
        {t("undoText", { count: added, formatted: number(added) })}
      </ConfirmAct>
    </>
  );
}
