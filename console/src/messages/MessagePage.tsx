import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { Page } from "@/ui/Page";
import { MessageEditor } from "./MessageEditor";

/** One message: written on the left, seen on the right. */
export function Component() {
  const { t } = useTranslation("messages");
  const { message = "" } = useParams();
  const query = api.useQuery("get", "/v1/messages/{message}", { params: { path: { message } } });
  if (query.data) return <MessageEditor key={query.data.id} message={query.data} />;
  return (
    <Page title={t("title")} above={[{ label: t("title"), to: "/messages" }]}>
      {query.error ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Stack>
          <Skeleton h={36} />
          <Skeleton h={480} />
        </Stack>
      )}
    </Page>
  );
}
