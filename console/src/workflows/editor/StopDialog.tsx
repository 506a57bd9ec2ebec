import { Checkbox, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { done } from "@/ui/notices";
import { useLive } from "../runs/useLive";

/** Asks before no event starts the workflow any more; runs on their way can be stopped with it. */
export function StopDialog({ workflow, onClose }: { workflow: string; onClose: () => void }) {
  const { t } = useTranslation("workflows");
  const live = useLive(workflow);
  const [alsoRuns, setAlsoRuns] = useState(false);
  const path = { params: { path: { workflow } } };
  const stopRuns = api.useMutation("post", "/v1/workflows/{workflow}/runs/stop");
  const stop = api.useMutation("post", "/v1/workflows/{workflow}/stop");
  const act = async () => {
    await stop.mutateAsync(path);
    if (alsoRuns) {
      const { stopped } = await stopRuns.mutateAsync(path);
      done(t("runs.stopped", { count: stopped }));
    }
    done(t("stop.done"));
    onClose();
  };
  return (
    <ConfirmAct
      isOpen
      title={t("stop.title")}
      act={t("stop.act")}
      isPending={stop.isPending || stopRuns.isPending}
      error={stop.error ?? stopRuns.error}
      onConfirm={() => void act().catch(() => {})}
      onClose={onClose}
    >
      <Stack gap="sm">
        {t("stop.hint", { count: live })}
        {live > 0 && (
          <Checkbox
            label={t("stop.alsoRuns", { count: live })}
            checked={alsoRuns}
            onChange={({ currentTarget }) => setAlsoRuns(currentTarget.checked)}
          />
        )}
      </Stack>
    </ConfirmAct>
  );
}
