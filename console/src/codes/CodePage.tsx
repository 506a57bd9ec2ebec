import { Paper, SimpleGrid, Skeleton, Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api } from "@/api/client";
import { ApiProblem } from "@/api/problems";
import { EmptyState } from "@/ui/EmptyState";
import { Failure } from "@/ui/Failure";
import { Page } from "@/ui/Page";
import { CodeActs } from "./CodeActs";
import { CodeFacts } from "./CodeFacts";
import { CodeState } from "./CodeList";
import { Story } from "./Story";

/** One code's whole story: what it is, who has it, everything that happened, and what may be done with it. */
export function Component() {
  const { t } = useTranslation(["codes", "pools"]);
  const { code = "" } = useParams();
  const params = { params: { path: { code } } };
  const { data, error, refetch } = api.useQuery("get", "/v1/codes/{code}", params);
  const story = api.useQuery("get", "/v1/codes/{code}/story", params);
  const isAbsent = error instanceof ApiProblem && error.status === 404;
  return (
    <Page
      title={data?.code ?? code}
      above={[
        { label: t("pools:title"), to: "/pools" },
        { label: t("title"), to: "/codes" },
      ]}
      badge={data && <CodeState state={data.state} />}
      actions={data && <CodeActs code={data} />}
    >
      {isAbsent && <EmptyState title={t("notFound")}>{t("notFoundHint")}</EmptyState>}
      {error && !isAbsent && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Skeleton h={360} />}
      {data && (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <Paper withBorder p="md">
            <CodeFacts code={data} />
          </Paper>
          <Paper withBorder p="md">
            <Stack>
              <Title order={2} size="h4">
                {t("story")}
              </Title>
              {story.data ? <Story acts={story.data.items} /> : <Skeleton h={240} />}
            </Stack>
          </Paper>
        </SimpleGrid>
      )}
    </Page>
  );
}
