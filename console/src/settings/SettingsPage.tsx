import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useIsOwner } from "@/session/session";
import { Page } from "@/ui/Page";

const TABS = [
  { name: "project", to: "/settings", isForOwners: false },
  { name: "channels", to: "/settings/channels", isForOwners: false },
  { name: "fields", to: "/settings/fields", isForOwners: false },
  { name: "notifications", to: "/settings/notifications", isForOwners: false },
  { name: "keys", to: "/settings/keys", isForOwners: true },
  { name: "people", to: "/settings/people", isForOwners: true },
  { name: "audit", to: "/settings/audit", isForOwners: false },
] as const;

export type Tab = (typeof TABS)[number]["name"];

/** One page of the settings, under the tabs that lead to the others. */
export function SettingsPage({ tab, actions, children }: { tab: Tab; actions?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation("settings");
  const navigate = useNavigate();
  const isOwner = useIsOwner();
  const shown = TABS.filter(({ isForOwners }) => isOwner || !isForOwners);
  return (
    <Page title={t("title")} part={t(`tabs.${tab}`)} actions={actions}>
      <Tabs value={tab} onChange={(name) => navigate(shown.find((one) => one.name === name)?.to ?? "/settings")}>
        <Tabs.List>
          {shown.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} pt="md">
          {children}
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
