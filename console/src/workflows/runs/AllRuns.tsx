import { useTranslation } from "react-i18next";
import { useFilter } from "@/ui/filters";
import { Page } from "@/ui/Page";
import { RunList } from "./RunList";

/** The runs of all workflows; the address may name one. */
export function Component() {
  const { t } = useTranslation("workflows");
  const [workflow] = useFilter("workflow");
  return (
    <Page title={t("runs.title")} above={[{ label: t("title"), to: "/workflows" }]}>
      <RunList workflow={workflow || undefined} />
    </Page>
  );
}
