import { Alert, Button, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problems";
import { queries, SESSION } from "@/api/queries";

/** What went wrong, in sentences: that of the API and each field's, and a way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation("ui");
  const problem = error instanceof ApiProblem ? error : null;
  const sentence = useSentence(problem);
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t("failed")} role="alert">
      <Stack gap="xs" align="flex-start">
        {(!problem || problem.errors.length === 0) && <Text size="sm">{sentence}</Text>}
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

function useSentence(problem: ApiProblem | null): string {
  const { t } = useTranslation("ui");
  if (!problem || problem.status === 0) return t("unreachable");
  if (problem.code === "csrf-token") return t("sessionChanged");
  if (problem.code === "other-project") return t("otherProject");
  return problem.status === 401 && queries.getQueryData(SESSION) ? t("sessionOver") : problem.detail;
}
