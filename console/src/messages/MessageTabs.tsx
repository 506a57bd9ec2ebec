import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

/** The way between messages, the snippets that they share, and what was sent of them. */
export function MessageTabs({ value }: { value: "messages" | "snippets" | "deliveries" }) {
  const { t } = useTranslation("messages");
  const navigate = useNavigate();
  return (
    <Tabs value={value} onChange={(tab) => tab && navigate(`/${tab}`)} activateTabWithKeyboard={false}>
      <Tabs.List aria-label={t("title")}>
        <Tabs.Tab value="messages">{t("title")}</Tabs.Tab>
        <Tabs.Tab value="snippets">{t("snippets.title")}</Tabs.Tab>
        <Tabs.Tab value="deliveries">{t("deliveries")}</Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}
