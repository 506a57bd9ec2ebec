import { Anchor, Group, Paper, SimpleGrid, Skeleton, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import { type Pool, useStock } from "./pool";

/** Total, issued, used and available codes of a pool, and the ways to the codes themselves. */
export function Counters({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const { mayExport } = useSession();
  const { data, error } = useStock(pool.key);
  if (error) return <Failure error={error} />;
  const reserved = number(data?.reserved ?? 0);
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Counter label={t("total")} hint={t("totalHint")} value={data?.total} />
        <Counter label={t("available")} hint={t("availableHint")} value={data?.available} />
        <Counter label={t("issued")} hint={t("issuedHint", { reserved })} value={data?.issued} />
        <Counter label={t("redeemed")} hint={t("redeemedHint")} value={data?.redeemed} />
      </SimpleGrid>
      <Group gap="lg">
        <Anchor component={Link} to={`/codes?pool=${encodeURIComponent(pool.key)}`} size="sm">
          {t("viewCodes")}
        </Anchor>
        {mayExport && (
          <Anchor href={`/v1/exports/holders?pool=${encodeURIComponent(pool.key)}`} download size="sm">
            {t("export")}
          </Anchor>
        )}
      </Group>
    </>
  );
}

function Counter({ label, hint, value }: { label: string; hint: string; value: number | undefined }) {
  return (
    <Paper withBorder p="sm" component="dl" m={0}>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fz={26} lh={1.3} fw={650} className="tearoff-numbers">
        {value === undefined ? <Skeleton h={34} w={90} /> : number(value)}
      </Text>
      <Text component="dd" m={0} size="xs" c="dimmed">
        {hint}
      </Text>
    </Paper>
  );
}
