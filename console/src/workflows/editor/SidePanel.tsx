import { Badge, Card, ScrollArea, Skeleton, Tabs } from "@mantine/core";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { BlockList } from "./BlockList";
import { BlockPanel } from "./BlockPanel";
import { type Panel, useDraft } from "./draft";
import { ProblemList } from "./ProblemList";

// the editor of JSON is large, and not everybody who builds tests
const TestPanel = lazy(async () => ({ default: (await import("../tests/TestPanel")).TestPanel }));

const PANELS: Panel[] = ["block", "list", "problems", "test"];

// the server checks and tests only for who may change things
const ACTING: Panel[] = ["problems", "test"];

/** What stands beside the canvas: the chosen block's form, all blocks, what is wrong, the test launch. */
export function SidePanel() {
  const { t } = useTranslation("workflows");
  const { panel, show, problems, mayEdit } = useDraft();
  const [wasTested, setTested] = useState(false);
  useEffect(() => {
    if (panel === "test") setTested(true);
  }, [panel]);
  return (
    <Card withBorder padding="sm" mah={{ md: "calc(100vh - 220px)" }} component="section" aria-label={t("panel.name")}>
      <Tabs value={panel} onChange={(value) => value && show(value as Panel)} keepMounted={false} display="contents">
        <Tabs.List mb="sm" grow>
          {PANELS.filter((each) => mayEdit || !ACTING.includes(each)).map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              px={6}
              rightSection={
                each === "problems" && problems.length > 0 ? (
                  <Badge size="sm" color="red" circle>
                    {problems.length}
                  </Badge>
                ) : undefined
              }
            >
              {t(`panel.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <ScrollArea.Autosize mah={{ md: "calc(100vh - 290px)" }} type="auto" offsetScrollbars="present">
          <Tabs.Panel value="block">
            <BlockPanel />
          </Tabs.Panel>
          <Tabs.Panel value="list">
            <BlockList />
          </Tabs.Panel>
          <Tabs.Panel value="problems">
            <ProblemList />
          </Tabs.Panel>
          <Tabs.Panel value="test" keepMounted={wasTested}>
            <Suspense fallback={<Skeleton h={240} />}>
              <TestPanel />
            </Suspense>
          </Tabs.Panel>
        </ScrollArea.Autosize>
      </Tabs>
    </Card>
  );
}
