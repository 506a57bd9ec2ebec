import { Anchor, Button, Group, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { number } from "@/ui/format";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { SearchInput } from "@/ui/SearchInput";
import { DaysLeft } from "./DaysLeft";
import { NewPool } from "./NewPool";
import { pathOf } from "./pool";
import { Sparkline } from "./Sparkline";
import { StateBadge } from "./StateBadge";

type Line = Schema<"StockLine">;

const LIMIT = 50;
const STATES = ["draft", "launched", "archived"] as const;

/** Every pool of the project, with what is in it and how long that lasts. */
export function Component() {
  const { t } = useTranslation("pools");
  const mayEdit = useMayEdit();
  const [isNew, { open, close }] = useDisclosure();
  const [words] = useFilter("q");
  const [state] = useFilter("state");
  const query = api.useQuery("get", "/v1/stock", {
    params: {
      query: {
        limit: LIMIT,
        after: useAfter(),
        q: words || undefined,
        state: STATES.find((one) => one === state),
      },
    },
  });
  const columns: Column<Line>[] = [
    { head: t("name"), cell: (line) => <Name line={line} /> },
    { head: t("stateName"), cell: (line) => <StateBadge state={line.state} /> },
    { head: t("available"), cell: (line) => number(line.available), isNumber: true },
    { head: t("issued"), cell: (line) => number(line.issued), isNumber: true },
    { head: t("redeemed"), cell: (line) => number(line.redeemed), isNumber: true },
    { head: t("daysLeft"), cell: (line) => <DaysLeft line={line} />, isNumber: true },
    { head: t("trend"), cell: (line) => <Sparkline days={line.trend} />, width: 112 },
  ];
  const add = mayEdit && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      {t("new")}
    </Button>
  );
  const isFiltered = Boolean(words || state);
  return (
    <Page
      title={t("title")}
      actions={
        <>
          <Button component={Link} to="/codes" variant="default" leftSection={<IconSearch size={16} aria-hidden />}>
            {t("findCode")}
          </Button>
          {add}
        </>
      }
    >
      <Filters />
      <Listing
        caption={t("title")}
        columns={columns}
        query={query}
        rowKey={(line) => line.id}
        empty={
          isFiltered ? (
            <EmptyState title={t("nothingFound")}>{t("nothingFoundHint")}</EmptyState>
          ) : (
            <EmptyState title={t("empty")} action={add}>
              {t("emptyHint")}
            </EmptyState>
          )
        }
      />
      <NewPool isOpen={isNew} onClose={close} />
    </Page>
  );
}

function Name({ line }: { line: Line }) {
  return (
    <>
      <Anchor component={Link} to={pathOf(line.key)} fw={500}>
        {line.name}
      </Anchor>
      <Text size="xs" c="dimmed">
        {line.key}
      </Text>
    </>
  );
}

function Filters() {
  const { t } = useTranslation("pools");
  const [state, setState] = useFilter("state");
  return (
    <Group gap="sm">
      <SearchInput name="q" w={260} aria-label={t("search")} placeholder={t("searchHint")} />
      <Select
        w={200}
        aria-label={t("stateName")}
        placeholder={t("anyState")}
        clearable
        data={STATES.map((value) => ({ value, label: t(`state.${value}`) }))}
        value={state || null}
        onChange={setState}
      />
    </Group>
  );
}
