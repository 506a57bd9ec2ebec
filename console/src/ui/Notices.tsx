import "@mantine/notifications/styles.css";
import { Notifications, notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { showWith } from "./notices";

/** Where short notices are shown. */
export function Notices() {
  const { t } = useTranslation("ui");
  useEffect(
    () =>
      showWith((message) =>
        notifications.show({ message, color: "green", closeButtonProps: { "aria-label": t("close") } }),
      ),
    [t],
  );
  return <Notifications position="bottom-right" />;
}
