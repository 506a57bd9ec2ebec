import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { EmptyState } from "@/ui/EmptyState";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { When } from "@/ui/When";
import { StateBadge } from "./StateBadge";

type Pool = Schema<"PoolView">;

/** Every pool of the project. */
export function Component() {
  const { t } = useTranslation("pools");
  const query = api.useQuery("get", "/v1/pools", { params: { query: { after: useAfter() } } });
  const columns: Column<Pool>[] = [
    {
      head: t("name"),
      cell: (pool) => (
        <Anchor component={Link} to={`/pools/${pool.key}`}>
          {pool.name}
        </Anchor>
      ),
    },
    { head: t("type"), cell: (pool) => <Text size="sm">{pool.type}</Text> },
    { head: t("stateName"), cell: (pool) => <StateBadge state={pool.state} /> },
    { head: t("createdAt"), cell: (pool) => <When at={pool.createdAt} /> },
  ];
  return (
    <Page title={t("title")}>
      <Listing
        caption={t("title")}
        columns={columns}
        query={query}
        rowKey={(pool) => pool.id}
        empty={<EmptyState title={t("empty")}>{t("emptyHint")}</EmptyState>}
      />
    </Page>
  );
}
