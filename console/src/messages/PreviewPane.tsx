import { Alert, Card, Group, List, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Failure } from "@/ui/Failure";
import type { Message } from "./drafts";
import { EmailPreview } from "./EmailPreview";
import { Marked } from "./Marked";
import { PushPreview } from "./PushPreview";
import { SampleData } from "./SampleData";
import { SmsPreview } from "./SmsPreview";
import type { Sample, usePreview } from "./usePreview";

type Props = {
  medium: Message["medium"];
  preview: ReturnType<typeof usePreview>;
  onSample: (sample: Sample) => void;
};

/** The message as its reader would see it, over sample data that the writer chooses. */
export function PreviewPane({ medium, preview, onSample }: Props) {
  const { t } = useTranslation("messages");
  return (
    <Card withBorder component="section" aria-label={t("preview.title")} padding="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {t("preview.title")}
          </Title>
        </Group>
        <SampleData onChange={onSample} />
        {preview.error && <Failure error={preview.error} />}
        {preview.data ? <Shown medium={medium} preview={preview.data} /> : <Skeleton h={360} />}
      </Stack>
    </Card>
  );
}

/** The rendered texts in the look of their medium, and what to know about them. */
export function Shown({ medium, preview }: { medium: Message["medium"]; preview: Schema<"PreviewView"> }) {
  const { t } = useTranslation("messages");
  const { texts, samples, problems, missing, sampleCode } = preview;
  const marks = [...new Set(Object.values(samples))];
  const isMarked = Object.values(texts).some((text) => marks.some((mark) => text.includes(mark)));
  return (
    <Stack gap="sm">
      {problems.length > 0 && (
        <Alert color="red" role="alert" title={t("preview.broken")}>
          <List size="sm">
            {problems.map(({ pointer, detail }) => (
              <List.Item key={pointer + detail}>{detail}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {medium === "email" && <EmailPreview texts={texts} samples={marks} />}
      {medium === "sms" && <SmsPreview texts={texts} samples={marks} />}
      {medium.endsWith("push") && <PushPreview texts={texts} samples={marks} />}
      {isMarked && (
        <Text size="sm" c="dimmed">
          <Marked text={sampleCode} samples={[sampleCode]} /> {t("preview.sample")}
        </Text>
      )}
      {missing.length > 0 && (
        <Alert color="yellow" variant="light" icon={<IconInfoCircle aria-hidden />}>
          {t("preview.missing", { names: missing.join(", ") })}
        </Alert>
      )}
    </Stack>
  );
}
