import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

/** The way between everybody and the addresses that are left alone. */
export function ContactTabs({ value }: { value: "contacts" | "suppressions" }) {
  const { t } = useTranslation("contacts");
  const navigate = useNavigate();
  return (
    <Tabs value={value} onChange={(tab) => tab && navigate(`/${tab}`)} activateTabWithKeyboard={false}>
      <Tabs.List aria-label={t("title")}>
        <Tabs.Tab value="contacts">{t("title")}</Tabs.Tab>
        <Tabs.Tab value="suppressions">{t("suppressions.title")}</Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}
