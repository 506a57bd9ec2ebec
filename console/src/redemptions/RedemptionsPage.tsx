import { Alert, Anchor, Tabs } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { api } from "@/api/client";
import { Page } from "@/ui/Page";
import { Alarm } from "./Alarm";
import { Refusals } from "./Refusals";
import { Till } from "./Till";
import { Uses } from "./Uses";

const TABS = { till: Till, uses: Uses, refusals: Refusals, alarm: Alarm } satisfies Record<string, ComponentType>;
const LOOK_AGAIN_MS = 30_000;

type Tab = keyof typeof TABS;

/** Codes at the till: looked up, used, taken back, and refused. */
export function Component() {
  const { t } = useTranslation("redemptions");
  const navigate = useNavigate();
  const { tab = "till" } = useParams();
  const here: Tab = tab in TABS ? (tab as Tab) : "till";
  const Open = TABS[here];
  return (
    <Page title={t("title")} part={t(`tabs.${here}`)}>
      <Guessing isHere={here === "alarm"} />
      <Tabs value={here} onChange={(next) => navigate(next === "till" ? "/redemptions" : `/redemptions/${next}`)}>
        <Tabs.List mb="md">
          {(Object.keys(TABS) as Tab[]).map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={here}>
          <Open />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Guessing({ isHere }: { isHere: boolean }) {
  const { t } = useTranslation("redemptions");
  const { data } = api.useQuery(
    "get",
    "/v1/redemptions/report",
    { params: { query: { days: 1 } } },
    { refetchInterval: LOOK_AGAIN_MS },
  );
  const count = data?.locked.length ?? 0;
  if (count === 0 || isHere) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} role="alert">
      <Anchor component={Link} to="/redemptions/alarm" size="sm">
        {t("alarmNow", { count })}
      </Anchor>
    </Alert>
  );
}
