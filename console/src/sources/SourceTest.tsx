import { Alert, Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { SampleData } from "@/messages/SampleData";
import type { Sample } from "@/messages/usePreview";
import { useMayEdit } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { bytes, number } from "@/ui/format";
import { ValueTree } from "@/ui/ValueTree";
import { callOf, type Draft, type Source } from "./drafts";
import { Exchange } from "./Exchange";

/** Calls the source once as it is written on the page, over a past event, and shows what went out and came back. */
export function SourceTest({ source, draft }: { source: Source; draft: Draft }) {
  const { t } = useTranslation("sources");
  const mayEdit = useMayEdit();
  const [sample, setSample] = useState<Sample>({});
  const test = api.useMutation("post", "/v1/sources/{source}/test", {});
  const body = { ...sample, call: callOf(draft), connector: draft.connector };
  return (
    <Card withBorder component="section" aria-label={t("test.title")} mb="lg">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t("test.title")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("test.what")}
        </Text>
        <SampleData onChange={setSample} />
        {mayEdit && (
          <Button
            w="fit-content"
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            loading={test.isPending}
            onClick={() => test.mutate({ params: { path: { source: source.key } }, body })}
          >
            {t("test.button")}
          </Button>
        )}
        {test.error && <Failure error={test.error} />}
        {test.data && <Outcome tried={test.data} />}
      </Stack>
    </Card>
  );
}

function Outcome({ tried }: { tried: Schema<"SourceTest"> }) {
  const { t } = useTranslation("sources");
  const { request, answer, value, error, seconds } = tried;
  return (
    <Stack gap="md" role="status">
      {error && <Alert color="red">{error}</Alert>}
      {request && (
        <Exchange title={t("test.request")} headers={request.headers} body={request.body ?? ""}>
          <Group gap="xs" wrap="nowrap" align="start">
            <Badge variant="light">{request.method}</Badge>
            <Text size="sm" className="tearoff-code" style={{ overflowWrap: "anywhere" }}>
              {request.url}
            </Text>
          </Group>
        </Exchange>
      )}
      {answer && (
        <Exchange title={t("test.answer")} headers={answer.headers} body={answer.body}>
          <Group gap="xs">
            <Badge color={answer.status < 300 ? "teal" : "red"} variant="light">
              {answer.status}
            </Badge>
            <Text size="sm">
              {bytes(answer.size)} · {t("test.seconds", { seconds: number(seconds) })}
            </Text>
            {answer.isCut && <Text size="sm">{t("test.cut")}</Text>}
          </Group>
        </Exchange>
      )}
      {answer && !error && (
        <Stack gap={4}>
          <Title order={3} size="h6">
            {t("test.value")}
          </Title>
          <ValueTree value={value} label={t("test.value")} />
        </Stack>
      )}
    </Stack>
  );
}
