import { Badge, Group, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FoundColumn, FoundFile } from "./report";

const FIELDS = [
  "value",
  "issue_from",
  "issue_until",
  "use_from",
  "expires_at",
  "discount",
  "type",
  "is_in_use",
  "used_at",
] as const;
const DELIMITERS = [",", ";", "\t", "|"] as const;

/** How a file was understood: its format, delimiter and encoding, its columns and how their dates are written. */
export function Recognised({ file }: { file: FoundFile }) {
  const { t } = useTranslation("uploads");
  const delimiter = DELIMITERS.find((one) => one === file.delimiter);
  const isSingle = file.columns.length < 2;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Text fw={600}>{t("recognised")}</Text>
        <Badge variant="light" tt="none">{`${t("format")}: ${file.format.toUpperCase()}`}</Badge>
        {file.encoding && <Badge variant="light" tt="none">{`${t("encoding")}: ${file.encoding.toUpperCase()}`}</Badge>}
        {delimiter && !isSingle && (
          <Badge variant="light" tt="none">{`${t("delimiter")}: ${t(`delimiters.${delimiter}`)}`}</Badge>
        )}
      </Group>
      <Table.ScrollContainer minWidth={320}>
        <Table withTableBorder aria-label={t("columns")} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("column")}</Table.Th>
              <Table.Th scope="col">{t("means")}</Table.Th>
              <Table.Th scope="col">{t("dates")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {file.columns.map((column, n) => (
              <Line key={column.field} column={column} n={n + 1} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {file.ignoredColumns.length > 0 && (
        <Text size="sm" c="dimmed">
          {t("ignored", { names: file.ignoredColumns.join(", ") })}
        </Text>
      )}
    </Stack>
  );
}

function Line({ column, n }: { column: FoundColumn; n: number }) {
  const { t } = useTranslation("uploads");
  const field = FIELDS.find((one) => one === column.field);
  return (
    <Table.Tr>
      <Table.Td>{column.title || t("noTitle", { n })}</Table.Td>
      <Table.Td>{field ? t(`field.${field}`) : column.field}</Table.Td>
      <Table.Td>{column.form ?? "–"}</Table.Td>
    </Table.Tr>
  );
}
