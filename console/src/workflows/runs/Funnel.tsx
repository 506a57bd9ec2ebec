import { Button, Collapse, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChartFunnel } from "@tabler/icons-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { Chart } from "@/ui/Chart";
import { type ChartLook, commonOption } from "@/ui/chartLook";
import { number } from "@/ui/format";

const BAR_PX = 34;
const MARGIN_PX = 40;

/** How many runs came to each block, in the order of the path; drawn when it is asked for. */
export function Funnel({ workflow }: { workflow: string }) {
  const { t } = useTranslation("workflows");
  const [isOpen, { toggle }] = useDisclosure();
  const { data } = api.useQuery("get", "/v1/stats/funnel", { params: { query: { workflow } } }, { enabled: isOpen });
  return (
    <Stack gap="xs" align="stretch">
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        aria-expanded={isOpen}
        leftSection={<IconChartFunnel size={16} aria-hidden />}
        onClick={toggle}
      >
        {t("funnel.show")}
      </Button>
      <Collapse expanded={isOpen}>{data && <Drawn blocks={data.blocks} runs={data.runs} />}</Collapse>
    </Stack>
  );
}

function Drawn({ blocks, runs }: { blocks: Schema<"BlockCount">[]; runs: number }) {
  const { t } = useTranslation("workflows");
  const head = [t("demand.block"), t("dryRun.entered"), t("runs.states.failed"), t("funnel.standing")];
  const option = useCallback(
    (look: ChartLook) => {
      const common = commonOption(look);
      const bar = { type: "bar", stack: "runs", barMaxWidth: 22 };
      return {
        ...common,
        color: [look.series[1], look.series[4], look.series[2]],
        xAxis: { ...common.yAxis, type: "value" },
        yAxis: { ...common.xAxis, type: "category", inverse: true, data: blocks.map(({ block }) => block) },
        series: [
          {
            ...bar,
            name: t("funnel.passed"),
            data: blocks.map(({ entered, failed, standing }) => entered - failed - standing),
          },
          { ...bar, name: t("runs.states.failed"), data: blocks.map(({ failed }) => failed) },
          { ...bar, name: t("funnel.standing"), data: blocks.map(({ standing }) => standing) },
        ],
      };
    },
    [blocks, t],
  );
  return (
    <Chart
      title={t("funnel.title", { count: runs })}
      option={option}
      height={blocks.length * BAR_PX + MARGIN_PX}
      head={head}
      rows={blocks.map(({ block, entered, failed, standing }) => [
        block,
        number(entered),
        number(failed),
        number(standing),
      ])}
    />
  );
}
