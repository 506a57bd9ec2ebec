import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";

/** Asks before a page with unsaved changes is left, for another page or for good. */
export function UnsavedChanges({ isThere }: { isThere: boolean }) {
  const { t } = useTranslation("ui");
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isThere && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!isThere) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isThere]);
  const isAsking = blocker.state === "blocked";
  return (
    <Modal
      opened={isAsking}
      onClose={() => blocker.reset?.()}
      title={t("unsavedTitle")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack>
        <Text size="sm">{t("unsavedHint")}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => blocker.reset?.()}>
            {t("stay")}
          </Button>
          <Button color="red" onClick={() => blocker.proceed?.()}>
            {t("leave")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
