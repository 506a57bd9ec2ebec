import { Alert, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession } from "@/session/session";
import { moment } from "@/ui/format";
import { useDraft } from "./draft";

/** Says that the stored draft became another one while this page was open, and lets one of the two be chosen. */
export function MeanwhileNote() {
  const { t } = useTranslation(["workflows", "ui"]);
  const { meanwhile, workflow, mayEdit, isSaving, saveOver } = useDraft();
  const { timeZone } = useSession().project;
  const { state, show, dismiss } = meanwhile;
  if (!state) return null;
  const who = workflow.draftedBy || t("meanwhile.somebody");
  const when = moment(workflow.draftedAt, timeZone);
  return (
    <Alert
      color={state === "shown" ? "blue" : "yellow"}
      role="status"
      withCloseButton
      closeButtonLabel={t("ui:close")}
      onClose={dismiss}
    >
      <Group justify="space-between">
        <Text size="sm">{t(`meanwhile.${state}`, { who, when })}</Text>
        {state === "waiting" && (
          <Group gap="xs">
            <Button size="compact-xs" variant="default" onClick={show}>
              {t("meanwhile.show")}
            </Button>
            {mayEdit && (
              <Button
                size="compact-xs"
                variant="default"
                color="red"
                loading={isSaving}
                // what the server refuses is shown again
                onClick={() => void saveOver().catch(() => {})}
              >
                {t("meanwhile.saveOver")}
              </Button>
            )}
          </Group>
        )}
      </Group>
    </Alert>
  );
}
