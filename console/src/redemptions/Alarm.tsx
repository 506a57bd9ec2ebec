import { Skeleton, Stack, Table, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { EmptyState } from "@/ui/EmptyState";
import { Failure } from "@/ui/Failure";
import { When } from "@/ui/When";

const LOOK_AGAIN_MS = 10_000;
const SUBJECTS = ["key", "address", "contact", "person"] as const;

/** Who is locked out for guessing at codes, and until when. */
export function Alarm() {
  const { t } = useTranslation("redemptions");
  const { data, error, refetch } = api.useQuery(
    "get",
    "/v1/redemptions/report",
    { params: { query: { days: 1 } } },
    { refetchInterval: LOOK_AGAIN_MS },
  );
  const named = (subject: string) => {
    const [kind, ...id] = subject.split(":");
    const known = SUBJECTS.find((one) => one === kind);
    return known ? t(`subjects.${known}`, { id: id.join(":") }) : subject;
  };
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={160} />;
  if (data.locked.length === 0) return <EmptyState title={t("alarmEmpty")}>{t("alarmEmptyHint")}</EmptyState>;
  return (
    <Stack maw={640}>
      <Title order={2} size="h4">
        {t("alarmTitle")}
      </Title>
      <Table aria-label={t("alarmTitle")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("subject")}</Table.Th>
            <Table.Th scope="col">{t("lockedUntil")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.locked.map(({ subject, lockedUntil }) => (
            <Table.Tr key={subject}>
              <Table.Td>{named(subject)}</Table.Td>
              <Table.Td>
                <When at={lockedUntil} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
