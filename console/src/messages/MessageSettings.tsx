import { Select, Stack, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import type { Drafting, Message } from "./drafts";

type Props = { message: Message; drafting: Drafting; problems: Schema<"Problem">[]; mayEdit: boolean };

/** What holds for all languages of a message. */
export function MessageSettings({ message, drafting, problems, mayEdit }: Props) {
  const { t } = useTranslation("messages");
  const { draft, change } = drafting;
  const channels = api.useQuery("get", "/v1/channels", {}).data?.items ?? [];
  const of = channels.filter(({ medium }) => medium === message.medium);
  const errorAt = (pointer: string) => problems.find((problem) => problem.pointer === pointer)?.detail;
  return (
    <Stack maw={480}>
      <TextInput
        label={t("name")}
        readOnly={!mayEdit}
        value={draft.name}
        error={errorAt("/name")}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TextInput label={t("key")} description={t("keyStays")} readOnly value={message.key} />
      <Select
        label={t("channel")}
        description={t("channelHint")}
        placeholder={t("channelFirst")}
        clearable
        readOnly={!mayEdit}
        value={draft.channel}
        error={errorAt("/channel")}
        data={of.map(({ key, kind }) => ({ value: key, label: `${key} (${kind})` }))}
        onChange={(channel) => change({ channel })}
      />
      {message.medium === "email" && (
        <Switch
          label={t("escapeHtml")}
          description={t("escapeHtmlHint")}
          disabled={!mayEdit}
          checked={draft.escapeHtml}
          onChange={(event) => change({ escapeHtml: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}
