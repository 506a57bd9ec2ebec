import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import type { DataName, Names } from "@/ui/velocity/completion";

const OF_CONTACT = [
  "firstName",
  "lastName",
  "email",
  "sms",
  "id",
  "externalCustomerId",
  "contactKey",
  "languageCode",
  "timeZone",
  "town",
  "createdDate",
  "updatedDate",
  "fields",
];
const EVENTS_READ = 100;

/** What templates may name: parameters of the last events, codes of pools, sources, what is known of a contact. */
export function useNames(): Names {
  const { t } = useTranslation("messages");
  const events = api.useQuery("get", "/v1/events", { params: { query: { limit: EVENTS_READ } } }).data?.items;
  const types = api.useQuery("get", "/v1/event-types", {}).data?.items;
  const pools = api.useQuery("get", "/v1/pools", {}).data?.items;
  const sources = api.useQuery("get", "/v1/sources", {}).data?.items;
  const fields = api.useQuery("get", "/v1/fields", {}).data?.items;
  const snippets = api.useQuery("get", "/v1/snippets", {}).data?.items;
  return useMemo(() => {
    const found = new Map<string, DataName>();
    const add = (name: string, detail: string) => found.has(name) || found.set(name, { name, detail });
    add("promocode", t("from.code"));
    for (const pool of pools ?? []) add(pool.parameter, t("from.pool", { pool: pool.name }));
    for (const { eventType, params } of events ?? [])
      for (const name of Object.keys(params)) add(name, t("from.event", { type: eventType }));
    for (const { key, params } of types ?? [])
      for (const { name } of params ?? []) add(name, t("from.event", { type: key }));
    for (const name of OF_CONTACT) add(name, t("from.contact"));
    for (const { name } of sources ?? []) add(name, t("from.source"));
    return {
      data: [...found.values()],
      snippets: (snippets ?? []).map(({ name }) => name),
      tags: [
        "PC_GENERAL",
        ...(pools ?? []).map(({ type }) => `PC_${type}_1_10`),
        ...(fields ?? []).map(({ section, key }) => `${section}.${key}`),
      ],
    };
  }, [events, types, pools, sources, fields, snippets, t]);
}
