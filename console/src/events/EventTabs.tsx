import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

/** The way between what came and what may come. */
export function EventTabs({ value }: { value: "events" | "event-types" }) {
  const { t } = useTranslation("events");
  const navigate = useNavigate();
  return (
    <Tabs value={value} onChange={(tab) => tab && navigate(`/${tab}`)} activateTabWithKeyboard={false}>
      <Tabs.List aria-label={t("title")}>
        <Tabs.Tab value="events">{t("history")}</Tabs.Tab>
        <Tabs.Tab value="event-types">{t("types.title")}</Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}
