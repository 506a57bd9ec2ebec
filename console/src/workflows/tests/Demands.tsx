import { Alert, Stack, Table, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { number } from "@/ui/format";

type Props = { demands: Schema<"DemandView">[]; isEnough: boolean };

/** The codes that runs will take, block by block, against what is there. */
export function Demands({ demands, isEnough }: Props) {
  const { t } = useTranslation("workflows");
  const short = demands.reduce((all, each) => all + each.short, 0);
  return (
    <Stack gap="sm">
      <Table aria-label={t("demand.title")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("demand.block")}</Table.Th>
            <Table.Th scope="col">{t("demand.pool")}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t("demand.needed")}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t("demand.ready")}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t("demand.short")}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="tearoff-numbers">
          {demands.map(({ block, pool, expected, ready, short: missing }) => (
            <Table.Tr key={block}>
              <Table.Td>{block}</Table.Td>
              <Table.Td>{pool}</Table.Td>
              <Table.Td ta="right">{number(expected)}</Table.Td>
              <Table.Td ta="right">{number(ready)}</Table.Td>
              <Table.Td ta="right">
                <Text size="sm" c={missing > 0 ? "red" : undefined} fw={missing > 0 ? 700 : undefined}>
                  {number(missing)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {isEnough ? (
        <Alert color="green" icon={<IconCircleCheck aria-hidden />} title={t("demand.enough")} />
      ) : (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={t("demand.notEnough", { count: short })}>
          {t("demand.notEnoughHint")}
        </Alert>
      )}
    </Stack>
  );
}
