import { Anchor, Badge, Button, Group, Select, Switch, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, type Schema } from "@/api/client";
import { pathOf } from "@/pools/pool";
import { useSession } from "@/session/session";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { When } from "@/ui/When";
import { PoolSelect } from "./PoolSelect";

type Item = Schema<"CodeItem">;

const STATES = ["free", "reserved", "issued", "withdrawn"] as const;
const COLOURS = { free: "gray", reserved: "blue", issued: "teal", withdrawn: "red" } as const;

/** A code's state in its colour. */
export function CodeState({ state }: { state: Item["state"] }) {
  const { t } = useTranslation("codes");
  return (
    <Badge color={COLOURS[state]} variant="light" tt="none">
      {t(`state.${state}`)}
    </Badge>
  );
}

/** Codes by pool and state, and the way to the whole story of one. */
export function Component() {
  const { t } = useTranslation(["codes", "pools"]);
  const { mayReveal } = useSession();
  const [pool, setPool] = useFilter("pool");
  const [state, setState] = useFilter("state");
  const [shown, setShown] = useFilter("reveal");
  const isRevealed = mayReveal && shown === "yes";
  const query = api.useQuery("get", "/v1/codes", {
    params: {
      query: {
        limit: 50,
        after: useAfter(),
        pool: pool || undefined,
        state: STATES.find((one) => one === state),
        reveal: isRevealed || undefined,
      },
    },
  });
  const columns: Column<Item>[] = [
    { head: t("code"), cell: (item) => <Value item={item} isRevealed={isRevealed} /> },
    { head: t("stateName"), cell: (item) => <CodeState state={item.state} /> },
    { head: t("pool"), cell: (item) => <PoolLink pool={item.pool} /> },
    {
      head: t("discount"),
      cell: (item) => (item.discount === null ? "–" : t("percent", { count: item.discount })),
      isNumber: true,
    },
    { head: t("expiresAt"), cell: (item) => <When at={item.expiresAt} /> },
  ];
  return (
    <Page title={t("title")} above={[{ label: t("pools:title"), to: "/pools" }]}>
      <FindOne />
      <Group gap="sm" align="flex-end">
        <PoolSelect label={t("pool")} placeholder={t("anyPool")} value={pool} onChange={setPool} />
        <Select
          w={180}
          clearable
          label={t("stateName")}
          placeholder={t("anyState")}
          data={STATES.map((value) => ({ value, label: t(`state.${value}`) }))}
          value={state || null}
          onChange={setState}
        />
        {mayReveal && (
          <Switch
            label={t("reveal")}
            description={t("revealHint")}
            checked={isRevealed}
            onChange={({ currentTarget: { checked } }) => setShown(checked ? "yes" : null)}
          />
        )}
      </Group>
      <Listing
        caption={t("title")}
        columns={columns}
        query={query}
        rowKey={(item) => item.id}
        empty={<EmptyState title={t("empty")}>{t("emptyHint")}</EmptyState>}
      />
    </Page>
  );
}

function Value({ item, isRevealed }: { item: Item; isRevealed: boolean }) {
  if (!isRevealed)
    return (
      <Text span size="sm" className="tearoff-code">
        {item.code}
      </Text>
    );
  return (
    <Anchor component={Link} to={`/codes/${encodeURIComponent(item.code)}`} className="tearoff-code">
      {item.code}
    </Anchor>
  );
}

function PoolLink({ pool }: { pool: string }) {
  return (
    <Anchor component={Link} to={pathOf(pool)} size="sm">
      {pool}
    </Anchor>
  );
}

function FindOne() {
  const { t } = useTranslation("codes");
  const navigate = useNavigate();
  const [code, setCode] = useState("");
  const find = (event: React.FormEvent) => {
    event.preventDefault();
    if (code.trim()) navigate(`/codes/${encodeURIComponent(code.trim())}`);
  };
  return (
    <form onSubmit={find}>
      <Group align="flex-end" gap="sm">
        <TextInput
          w={320}
          label={t("search")}
          description={t("searchHint")}
          classNames={{ input: "tearoff-code" }}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit">{t("find")}</Button>
      </Group>
    </form>
  );
}
