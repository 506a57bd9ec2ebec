import { Skeleton, Stack, Tabs } from "@mantine/core";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { IssueTab } from "@/codes/IssueTab";
import { Failure } from "@/ui/Failure";
import { Page } from "@/ui/Page";
import { CodesTab } from "@/uploads/CodesTab";
import { ImportHistory } from "@/uploads/ImportHistory";
import { AlertsTab } from "./AlertsTab";
import { ChangeLog } from "./ChangeLog";
import { Counters } from "./Counters";
import { GeneralTab } from "./GeneralTab";
import { PoolActs } from "./PoolActs";
import { type Pool, pathOf, usePool } from "./pool";
import { StateBadge } from "./StateBadge";
import { StockTab } from "./StockTab";
import { UsageTab } from "./UsageTab";

const TABS = {
  codes: CodesTab,
  stock: StockTab,
  settings: GeneralTab,
  usage: UsageTab,
  issue: IssueTab,
  alerts: AlertsTab,
  imports: ImportHistory,
  changes: ChangeLog,
} satisfies Record<string, ComponentType<{ pool: Pool }>>;

type Tab = keyof typeof TABS;

/** One pool: its counters, and a tab for each thing that is done with it. */
export function Component() {
  const { t } = useTranslation("pools");
  const { data: pool, error, refetch } = usePool();
  const { tab = "codes" } = useParams();
  const here: Tab = tab in TABS ? (tab as Tab) : "codes";
  const above = [{ label: t("title"), to: "/pools" }];
  if (error && !pool)
    return (
      <Page title={t("title")} above={above}>
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    );
  return (
    <Page
      title={pool?.name ?? "…"}
      part={t(`tabs.${here}`)}
      above={above}
      badge={pool && <StateBadge state={pool.state} />}
      actions={pool && <PoolActs pool={pool} />}
    >
      {pool ? <Parts pool={pool} here={here} /> : <Skeleton h={480} />}
    </Page>
  );
}

function Parts({ pool, here }: { pool: Pool; here: Tab }) {
  const { t } = useTranslation("pools");
  const navigate = useNavigate();
  const Open = TABS[here];
  return (
    <Stack gap="md">
      <Counters pool={pool} />
      <Tabs
        value={here}
        onChange={(next) => navigate(pathOf(pool.key, next === "codes" ? undefined : (next ?? undefined)))}
      >
        <Tabs.List mb="md">
          {(Object.keys(TABS) as Tab[]).map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={here}>
          <Open key={pool.id} pool={pool} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
