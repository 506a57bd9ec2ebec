import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

const PARTS = { build: "", runs: "/runs", versions: "/versions" } as const;

type Part = keyof typeof PARTS;

/** The way between the pages of one workflow. */
export function WorkflowTabs({ workflow, value }: { workflow: string; value: Part }) {
  const { t } = useTranslation("workflows");
  const navigate = useNavigate();
  const go = (part: string | null) =>
    part && navigate(`/workflows/${encodeURIComponent(workflow)}${PARTS[part as Part]}`);
  return (
    <Tabs value={value} onChange={go} activateTabWithKeyboard={false}>
      <Tabs.List aria-label={t("tabs.name")}>
        {(Object.keys(PARTS) as Part[]).map((part) => (
          <Tabs.Tab key={part} value={part}>
            {t(`tabs.${part}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}
