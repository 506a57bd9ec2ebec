import { Anchor, Badge, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { PoolSelect } from "@/codes/PoolSelect";
import { useSession } from "@/session/session";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { moment } from "@/ui/format";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { SearchInput } from "@/ui/SearchInput";
import { When } from "@/ui/When";
import { RollBack } from "./RollBack";

type Use = Schema<"RedemptionView">;

/** Every use of a code, and the way to take one back. */
export function Uses() {
  const { t } = useTranslation("redemptions");
  const [pool, setPool] = useFilter("pool");
  const [code] = useFilter("code");
  const [order] = useFilter("order");
  const query = api.useQuery("get", "/v1/redemptions", {
    params: {
      query: {
        limit: 50,
        after: useAfter(),
        pool: pool || undefined,
        code: code || undefined,
        order: order || undefined,
      },
    },
  });
  const columns: Column<Use>[] = [
    { head: t("when"), cell: (use) => <When at={use.redeemedAt} /> },
    { head: t("code"), cell: (use) => <Code use={use} /> },
    { head: t("order"), cell: (use) => <Text size="sm">{use.orderId ?? "–"}</Text> },
    { head: t("amount"), cell: (use) => use.amount ?? "–", isNumber: true },
    { head: t("contactId"), cell: (use) => <Contact id={use.contactId} /> },
    { head: t("pool"), cell: (use) => <Text size="sm">{use.pool}</Text> },
    { head: t("originName"), cell: (use) => <Text size="sm">{t(`origin.${use.origin}`)}</Text> },
    { head: t("inForce"), cell: (use) => <Standing use={use} />, width: 220 },
  ];
  return (
    <>
      <Group gap="sm" mb="sm">
        <SearchInput name="code" w={220} label={t("searchCode")} />
        <SearchInput name="order" w={180} label={t("searchOrder")} />
        <PoolSelect label={t("pool")} placeholder={t("anyPool")} value={pool} onChange={setPool} />
      </Group>
      <Listing
        caption={t("tabs.uses")}
        columns={columns}
        query={query}
        rowKey={(use) => use.id}
        empty={<EmptyState title={t("usesEmpty")}>{t("usesEmptyHint")}</EmptyState>}
      />
    </>
  );
}

function Code({ use }: { use: Use }) {
  const isWhole = useSession().mayReveal;
  if (!isWhole) return <span className="tearoff-code">{use.code}</span>;
  return (
    <Anchor component={Link} to={`/codes/${encodeURIComponent(use.code)}`} className="tearoff-code" size="sm">
      {use.code}
    </Anchor>
  );
}

function Contact({ id }: { id: number | null }) {
  if (id === null) return <>–</>;
  return (
    <Anchor component={Link} to={`/contacts/${id}`} size="sm">
      {id}
    </Anchor>
  );
}

function Standing({ use }: { use: Use }) {
  const { t } = useTranslation("redemptions");
  const { timeZone } = useSession().project;
  if (!use.rolledBackAt) return <RollBack use={use} />;
  return (
    <>
      <Badge color="orange" variant="light" tt="none">
        {t("rolledBackAt", { at: moment(use.rolledBackAt, timeZone) })}
      </Badge>
      <Text size="xs" c="dimmed">
        {use.rolledBackReason}
      </Text>
    </>
  );
}
