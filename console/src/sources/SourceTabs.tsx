import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

/** The way between sources and the credentials that they share. */
export function SourceTabs({ value }: { value: "sources" | "connectors" }) {
  const { t } = useTranslation("sources");
  const navigate = useNavigate();
  return (
    <Tabs value={value} onChange={(tab) => tab && navigate(`/${tab}`)} activateTabWithKeyboard={false}>
      <Tabs.List aria-label={t("title")}>
        <Tabs.Tab value="sources">{t("title")}</Tabs.Tab>
        <Tabs.Tab value="connectors">{t("connectors.title")}</Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}
