import { Badge, Select, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { When } from "@/ui/When";
import { SettingsPage } from "./SettingsPage";

type Entry = Schema<"EntryView">;

/** The actions of the log as openapi.json lists them; the type check fails when one is missing here. */
const ACTIONS: Record<Entry["action"], true> = {
  reveal: true,
  export: true,
  erase: true,
  "sign-in": true,
  "sign-in-failed": true,
  password: true,
  invite: true,
  role: true,
  key: true,
  project: true,
};

/** Who saw codes in full, took them away, erased somebody, or changed who may. */
export function Component() {
  const { t } = useTranslation("settings");
  const [action, setAction] = useFilter("action");
  const query = api.useQuery("get", "/v1/audit", {
    params: { query: { after: useAfter(), action: (action || undefined) as Entry["action"] | undefined } },
  });
  const columns: Column<Entry>[] = [
    { head: t("audit.at"), cell: (entry) => <When at={entry.at} /> },
    { head: t("audit.actor"), cell: (entry) => entry.actor },
    { head: t("audit.action"), cell: (entry) => <Badge variant="light">{t(`audit.actions.${entry.action}`)}</Badge> },
    { head: t("audit.subject"), cell: (entry) => <Subject entry={entry} /> },
  ];
  return (
    <SettingsPage tab="audit">
      <Stack>
        <Select
          label={t("audit.action")}
          clearable
          placeholder={t("audit.anyAction")}
          maw={280}
          value={action || null}
          data={Object.keys(ACTIONS).map((each) => ({
            value: each,
            label: t(`audit.actions.${each as Entry["action"]}`),
          }))}
          onChange={setAction}
        />
        <Listing
          caption={t("tabs.audit")}
          columns={columns}
          query={query}
          rowKey={(entry) => entry.id}
          empty={<EmptyState title={t("audit.empty")}>{t("audit.emptyHint")}</EmptyState>}
        />
      </Stack>
    </SettingsPage>
  );
}

function Subject({ entry }: { entry: Entry }) {
  const facts = Object.entries(entry.detail).map(([name, value]) => `${name}: ${String(value)}`);
  return (
    <>
      <Text size="sm">{entry.subject}</Text>
      <Text size="xs" c="dimmed">
        {facts.join(" · ")}
      </Text>
    </>
  );
}
