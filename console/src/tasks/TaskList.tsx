import { Group, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { isOver } from "@/ui/TaskProgress";
import { useTaskColumns } from "./columns";

const LOOK_AGAIN_MS = 3_000;
const KINDS = ["import", "generation", "issue", "contacts"] as const;
const STATES = ["receiving", "waiting", "running", "done", "failed", "cancelled", "undone"] as const;

/** All long work of the project, the newest first. */
export function Component() {
  const { t } = useTranslation(["tasks", "ui"]);
  const [kind, setKind] = useFilter("kind");
  const [state, setState] = useFilter("state");
  const filter = { kind: kind || undefined, state: STATES.find((one) => one === state) };
  const query = api.useQuery(
    "get",
    "/v1/tasks",
    { params: { query: { limit: 50, after: useAfter(), ...filter } } },
    { refetchInterval: ({ state: { data } }) => (data?.items.some((task) => !isOver(task)) ? LOOK_AGAIN_MS : false) },
  );
  const isFiltered = Boolean(kind || state);
  return (
    <Page title={t("title")}>
      <Group gap="sm">
        <Select
          w={200}
          clearable
          aria-label={t("kindName")}
          placeholder={t("anyKind")}
          data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind || null}
          onChange={setKind}
        />
        <Select
          w={200}
          clearable
          aria-label={t("stateName")}
          placeholder={t("anyState")}
          data={STATES.map((value) => ({ value, label: t(`ui:taskState.${value}`) }))}
          value={state || null}
          onChange={setState}
        />
      </Group>
      <Listing
        caption={t("title")}
        columns={useTaskColumns({ hasPool: true })}
        query={query}
        rowKey={(task) => task.id}
        empty={
          <EmptyState title={t(isFiltered ? "nothingFound" : "empty")}>
            {t(isFiltered ? "nothingFoundHint" : "emptyHint")}
          </EmptyState>
        }
      />
    </Page>
  );
}
