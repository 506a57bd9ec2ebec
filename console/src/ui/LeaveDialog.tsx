import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** Says that leaving loses what is not saved, and asks which it shall be. */
export function LeaveDialog({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const { t } = useTranslation("ui");
  return (
    <Modal opened onClose={onStay} title={t("unsavedTitle")} closeButtonProps={{ "aria-label": t("close") }}>
      <Stack>
        <Text size="sm">{t("unsavedHint")}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onStay}>
            {t("stay")}
          </Button>
          <Button color="red" onClick={onLeave}>
            {t("leave")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
