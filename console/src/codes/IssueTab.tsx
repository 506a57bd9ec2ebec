import { SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Pool } from "@/pools/pool";
import { useMayEdit } from "@/session/session";
import { IssueMany } from "./IssueMany";
import { IssueOne } from "./IssueOne";

/** Codes given out by hand: one to somebody, or one each to many. */
export function IssueTab({ pool }: { pool: Pool }) {
  const { t } = useTranslation("codes");
  const mayEdit = useMayEdit();
  if (!mayEdit || pool.state !== "launched") return <Text c="dimmed">{t("issueOff")}</Text>;
  if (pool.codeType === "multi") return <Text c="dimmed">{t("issueMulti")}</Text>;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
      <Stack>
        <Title order={2} size="h4">
          {t("oneTitle")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("oneHint")}
        </Text>
        <IssueOne pool={pool} />
      </Stack>
      <Stack>
        <Title order={2} size="h4">
          {t("manyTitle")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("manyHint")}
        </Text>
        <IssueMany pool={pool} />
      </Stack>
    </SimpleGrid>
  );
}
