import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { EmptyState } from "@/ui/EmptyState";
import { number } from "@/ui/format";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { When } from "@/ui/When";
import type { Pool } from "./pool";

type Change = Schema<"ChangeView">;

const NAMES = [
  "key",
  "name",
  "type",
  "description",
  "parameter",
  "state",
  "codeType",
  "fillMethod",
  "isIssueChecked",
  "validFor",
  "processing",
  "issueFrom",
  "issueUntil",
  "daysLeftMin",
  "reissue",
  "reissueDays",
  "cap",
  "alertBelow",
  "lookup",
] as const;

/** Who changed which settings of the pool, from what to what. */
export function ChangeLog({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const query = api.useQuery("get", "/v1/pools/{pool}/changes", {
    params: { path: { pool: pool.key }, query: { limit: 50, after: useAfter() } },
  });
  const columns: Column<Change>[] = [
    { head: t("changedAt"), cell: (change) => <When at={change.at} />, width: 200 },
    { head: t("changedBy"), cell: (change) => <Text size="sm">{change.by || "–"}</Text>, width: 220 },
    { head: t("changedWhat"), cell: (change) => <Fields change={change} /> },
  ];
  return (
    <Listing
      caption={t("tabs.changes")}
      columns={columns}
      query={query}
      rowKey={(change) => change.id}
      empty={<EmptyState title={t("changesEmpty")}>{t("changesEmptyHint")}</EmptyState>}
    />
  );
}

function Fields({ change }: { change: Change }) {
  const { t } = useTranslation("pools");
  const say = useValueWords();
  const changed = Object.entries(change.fields).filter(([, [before, after]]) => !(isEmpty(before) && isEmpty(after)));
  return (
    <Stack gap={2}>
      {changed.map(([name, [before, after]]) => {
        const known = NAMES.find((one) => one === name);
        return (
          <Text key={name} size="sm">
            <Text span fw={500}>
              {known ? t(`fieldNames.${known}`) : name}
            </Text>
            {": "}
            {isEmpty(before) ? "" : `${say(name, before)} → `}
            {say(name, after)}
          </Text>
        );
      })}
    </Stack>
  );
}

/** A value of a setting as its form calls it. */
function useValueWords() {
  const { t } = useTranslation(["pools", "uploads", "ui"]);
  const words: Record<string, Record<string, string>> = {
    state: { draft: t("state.draft"), launched: t("state.launched"), archived: t("state.archived") },
    codeType: { single: t("codeType.single"), multi: t("codeType.multi"), referral: t("codeType.referral") },
    processing: { inside: t("inside"), outside: t("outside") },
    lookup: { exact: t("exact"), loose: t("loose") },
    fillMethod: { file: t("uploads:file"), typed: t("uploads:typed"), generated: t("uploads:generated") },
    reissue: {
      always: t("reissueOption.always"),
      run: t("reissueOption.run"),
      workflow: t("reissueOption.workflow"),
      pool: t("reissueOption.pool"),
    },
  };
  return (name: string, value: unknown): string =>
    isEmpty(value) ? t("wasEmpty") : (words[name]?.[String(value)] ?? plain(value));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}

function plain(value: unknown): string {
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return value ? "✓" : "✗";
  if (typeof value !== "object" || value === null) return String(value);
  const parts = Object.entries(value).filter(([, part]) => !isEmpty(part) && part !== false);
  return parts.map(([name, part]) => `${name} ${plain(part)}`).join(", ");
}
