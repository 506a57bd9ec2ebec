import { Anchor, Badge, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useSession } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import type { Task } from "@/ui/TaskProgress";

type Row = Schema<"PreviewItem">;

const READ_MAX = 1_000;
const FIRST_MAX = 8;
const PROBLEMS_MAX = 50;
const SHOWN_MAX = 60;
const FINE: Row["outcome"][] = ["added", "changed", "moved", "withdrawn", "freed", "unchanged"];

/** The first rows of a checked file with what becomes of them, and the rows with problems. */
export function PreviewRows({ task, rejected }: { task: Task; rejected: number }) {
  const { t } = useTranslation("uploads");
  const { mayReveal } = useSession();
  const { data, error } = api.useQuery("get", "/v1/imports/{import_id}/preview", {
    params: { path: { import_id: task.id }, query: { limit: READ_MAX, reveal: mayReveal || undefined } },
  });
  if (error) return <Failure error={error} />;
  if (!data) return <Skeleton h={260} />;
  const problems = data.items.filter(({ outcome }) => !FINE.includes(outcome)).slice(0, PROBLEMS_MAX);
  return (
    <Stack>
      <Rows title={t("firstRows")} rows={data.items.slice(0, FIRST_MAX)} />
      {problems.length > 0 && <Rows title={`${t("problems")}: ${number(rejected)}`} rows={problems} />}
      {rejected === 0 && <Text size="sm">{t("noProblems")}</Text>}
      {rejected > 0 && mayReveal && (
        <Anchor href={task.rejects} download size="sm" w="fit-content">
          {t("rejectsFile")}
        </Anchor>
      )}
    </Stack>
  );
}

/** The beginning of a code; what is refused for its length would push the reason off the page. */
function short(code: string): string {
  return code.length > SHOWN_MAX ? `${code.slice(0, SHOWN_MAX)}…` : code;
}

function Rows({ title, rows }: { title: string; rows: Row[] }) {
  const { t } = useTranslation("uploads");
  return (
    <Stack gap="xs">
      <Text fw={600}>{title}</Text>
      <Table.ScrollContainer minWidth={420}>
        <Table withTableBorder aria-label={title} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" w={80}>
                {t("line")}
              </Table.Th>
              <Table.Th scope="col">{t("code")}</Table.Th>
              <Table.Th scope="col">{t("outcomeName")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={`${row.line} ${row.code}`}>
                <Table.Td className="tearoff-numbers">{number(row.line)}</Table.Td>
                <Table.Td className="tearoff-code" maw={260} style={{ overflowWrap: "anywhere" }}>
                  {short(row.code)}
                </Table.Td>
                <Table.Td>
                  <Badge variant="light" tt="none" color={FINE.includes(row.outcome) ? "teal" : "red"}>
                    {t(`outcome.${row.outcome}`)}
                  </Badge>
                  {row.detail && (
                    <Text size="sm" span ml="xs">
                      {row.detail}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
