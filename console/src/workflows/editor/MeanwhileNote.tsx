import { Alert, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useDraft } from "./draft";

/** Says that the stored draft became another one while this page was open, and offers it. */
export function MeanwhileNote() {
  const { t } = useTranslation(["workflows", "ui"]);
  const { state, show, dismiss } = useDraft().meanwhile;
  if (!state) return null;
  return (
    <Alert
      color={state === "shown" ? "blue" : "yellow"}
      role="status"
      withCloseButton
      closeButtonLabel={t("ui:close")}
      onClose={dismiss}
    >
      <Group justify="space-between">
        <Text size="sm">{t(`meanwhile.${state}`)}</Text>
        {state === "waiting" && (
          <Button size="compact-xs" variant="default" onClick={show}>
            {t("meanwhile.show")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
