import { Alert, Button, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problems";
import { queries, SESSION } from "@/api/queries";

/** What went wrong, in sentences: that of the API and each field's, and a way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation("ui");
  const problem = error instanceof ApiProblem ? error : null;
  const sentence = sentenceOf(problem, t("unreachable"), t("sessionChanged"), t("sessionOver"));
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t("failed")} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{sentence}</Text>
        {problem && problem.errors.length > 0 && (
          <List size="sm">
            {problem.errors.map(({ pointer, detail }) => (
              <List.Item key={pointer + detail}>
                {pointer && <code>{pointer}</code>} {detail}
              </List.Item>
            ))}
          </List>
        )}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t("retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function sentenceOf(problem: ApiProblem | null, unreachable: string, changed: string, over: string): string {
  if (!problem || problem.status === 0) return unreachable;
  if (problem.code === "csrf-token") return changed;
  return problem.status === 401 && queries.getQueryData(SESSION) ? over : problem.detail;
}
