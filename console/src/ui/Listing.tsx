import { Button, Group, Skeleton, Table } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useSearchParams } from "react-router";
import { Failure } from "./Failure";

export type Column<Row> = { head: string; cell: (row: Row) => ReactNode; isNumber?: boolean; width?: number | string };

type Page<Row> = { items: Row[]; next?: string | null };

type Props<Row> = {
  caption: string;
  columns: Column<Row>[];
  query: { data: Page<Row> | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  rowKey: (row: Row) => string | number;
  empty: ReactNode;
};

const ROWS_WHILE_READING = 5;

/** The cursor of the page that the address names; the query of a `Listing` asks with it. */
export function useAfter(): number | undefined {
  const [params] = useSearchParams();
  return Number(params.get("after")) || undefined;
}

/** One page of a list that the server pages. The address holds the cursor, so that a page can be shared. */
export function Listing<Row>({ caption, columns, query, rowKey, empty }: Props<Row>) {
  const shown = useLast(query.data);
  const failure = query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : null;
  if (failure && !query.data) return failure;
  if (shown && shown.items.length === 0) return <>{empty}</>;
  return (
    <>
      {failure}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than its place is scrolled by keys */}
      <section className="tearoff-wide" aria-label={caption} aria-busy={!query.data} tabIndex={0}>
        <Table highlightOnHover verticalSpacing="xs" aria-label={caption}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ head, isNumber, width }) => (
                <Table.Th key={head} scope="col" ta={isNumber ? "right" : undefined} w={width}>
                  {head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown
              ? shown.items.map((row) => <Row key={rowKey(row)} row={row} columns={columns} />)
              : Array.from({ length: ROWS_WHILE_READING }, (_, line) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows that stand for nothing have no other key
                  <Table.Tr key={line}>
                    {columns.map(({ head }) => (
                      <Table.Td key={head}>
                        <Skeleton h={14} my={4} />
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
          </Table.Tbody>
        </Table>
      </section>
      <Pager next={shown?.next ?? null} />
    </>
  );
}

/** What was read last, while the next page of it is on its way: a list that is paged does not jump. */
function useLast<Row>(read: Page<Row> | undefined): Page<Row> | undefined {
  const [last, setLast] = useState(read);
  if (read && read !== last) setLast(read);
  return read ?? (last?.items.length ? last : undefined);
}

function Row<Row>({ row, columns }: { row: Row; columns: Column<Row>[] }) {
  return (
    <Table.Tr>
      {columns.map(({ head, cell, isNumber }) => (
        <Table.Td key={head} ta={isNumber ? "right" : undefined} className={isNumber ? "tearoff-numbers" : undefined}>
          {cell(row)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function Pager({ next }: { next: string | null }) {
  const { t } = useTranslation("ui");
  const [params, setParams] = useSearchParams();
  const trail: (string | null)[] = useLocation().state?.trail ?? [];
  const here = params.get("after");
  const go = (after: string | null, way: (string | null)[]) =>
    setParams(
      (old) => {
        if (after) old.set("after", after);
        else old.delete("after");
        return old;
      },
      { state: { trail: way } },
    );
  if (!next && !here) return null;
  return (
    <Group component="nav" aria-label={t("pages")}>
      <Button variant="default" size="xs" disabled={!here} onClick={() => go(trail.at(-1) ?? null, trail.slice(0, -1))}>
        {trail.length > 0 || !here ? t("previous") : t("first")}
      </Button>
      <Button variant="default" size="xs" disabled={!next} onClick={() => go(next, [...trail, here])}>
        {t("next")}
      </Button>
    </Group>
  );
}
