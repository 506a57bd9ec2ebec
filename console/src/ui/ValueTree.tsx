import { Badge, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { number } from "./format";

const DEPTH_MAX = 12;
const ROWS_MAX = 100;

/** A JSON value as people read it: names beside values, lists numbered, each level within the one above. */
export function ValueTree({ value, label }: { value: unknown; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than its place is scrolled by keys
    <section className="tearoff-wide" aria-label={label} tabIndex={0}>
      <Level value={value} label={label} depth={0} />
    </section>
  );
}

function Level({ value, label, depth }: { value: unknown; label: string; depth: number }) {
  const { t } = useTranslation("ui");
  if (value === null || typeof value !== "object") return <Plain value={value} />;
  const rows: [string, unknown][] = Array.isArray(value)
    ? value.map((inner, n) => [String(n + 1), inner])
    : Object.entries(value);
  if (rows.length === 0) return <Text size="sm">{t(Array.isArray(value) ? "emptyList" : "emptyObject")}</Text>;
  if (depth >= DEPTH_MAX) return <Text size="sm">…</Text>;
  return (
    <Table withTableBorder={depth > 0} verticalSpacing={4} aria-label={label} layout="auto">
      <Table.Tbody>
        {rows.slice(0, ROWS_MAX).map(([name, inner]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" w="1%" miw={depth === 0 ? 120 : 40} style={{ verticalAlign: "top" }}>
              {name}
            </Table.Th>
            <Table.Td>
              <Level value={inner} label={name} depth={depth + 1} />
            </Table.Td>
          </Table.Tr>
        ))}
        {rows.length > ROWS_MAX && (
          <Table.Tr>
            <Table.Td colSpan={2}>{t("moreValues", { count: rows.length - ROWS_MAX })}</Table.Td>
          </Table.Tr>
        )}
      </Table.Tbody>
    </Table>
  );
}

function Plain({ value }: { value: unknown }) {
  const { t } = useTranslation("ui");
  if (value === null || value === undefined) return <Badge variant="default">{t("nothing")}</Badge>;
  if (typeof value === "boolean") return <Badge variant="light">{t(value ? "yes" : "no")}</Badge>;
  const shown =
    typeof value === "number" ? number(value, { maximumFractionDigits: 20, useGrouping: false }) : String(value);
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
      {shown}
    </Text>
  );
}
