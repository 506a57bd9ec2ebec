import { Box, Button, Group, Skeleton, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ChartLook, useChartLook } from "./chartLook";

type Props = {
  title: string;
  /** What is drawn, in the colours that are given. Keep it with useCallback, so that it is drawn again only when it changed. */
  option: (look: ChartLook) => EChartsCoreOption;
  height?: number;
  /** The same as a table, for who cannot see the picture or wants the numbers. */
  head: string[];
  rows: string[][];
};

/** A chart with its title, and the same numbers as a table at a click. */
export function Chart({ title, option, height = 280, head, rows }: Props) {
  const { t } = useTranslation("ui");
  const [isTable, { toggle }] = useDisclosure();
  return (
    <Box component="section" aria-label={title}>
      <Group justify="space-between" mb="xs">
        <Text fw={600}>{title}</Text>
        <Button variant="subtle" size="compact-xs" aria-pressed={isTable} onClick={toggle}>
          {t(isTable ? "asChart" : "asTable")}
        </Button>
      </Group>
      {isTable ? (
        <NumberTable title={title} height={height} head={head} rows={rows} />
      ) : (
        <Picture title={title} option={option} height={height} />
      )}
    </Box>
  );
}

function Picture({ title, option, height }: { title: string; option: Props["option"]; height: number }) {
  const look = useChartLook();
  const place = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  useEffect(() => {
    let made: EChartsType | null = null;
    let isGone = false;
    const follow = new ResizeObserver(() => made?.resize());
    void import("./charts").then(({ init }) => {
      if (isGone || !place.current) return;
      made = init(place.current);
      follow.observe(place.current);
      setChart(made);
    });
    return () => {
      isGone = true;
      follow.disconnect();
      made?.dispose();
    };
  }, []);
  useEffect(() => {
    // the words that ECharts makes for screen readers are English only; the title says it, the table has the numbers
    const aria = { enabled: true, label: { description: title } };
    if (chart && !chart.isDisposed()) chart.setOption({ ...option(look), aria }, { notMerge: true });
  }, [chart, option, look, title]);
  return (
    <Box pos="relative" h={height}>
      {!chart && <Skeleton h={height} pos="absolute" inset={0} />}
      <div ref={place} role="img" aria-label={title} style={{ height, width: "100%" }} />
    </Box>
  );
}

function NumberTable({
  title,
  height,
  head,
  rows,
}: {
  title: string;
  height: number;
  head: string[];
  rows: string[][];
}) {
  return (
    <Table.ScrollContainer minWidth={0} maxHeight={height} h={height}>
      <Table aria-label={title} stickyHeader verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {head.map((name, n) => (
              <Table.Th key={name} scope="col" ta={n ? "right" : undefined}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="tearoff-numbers">
          {rows.map((row) => (
            <Table.Tr key={row[0]}>
              {row.map((cell, n) => (
                <Table.Td key={head[n]} ta={n ? "right" : undefined}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
