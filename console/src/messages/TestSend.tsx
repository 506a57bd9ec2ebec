import { Alert, Button, Group, List, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useSession } from "@/session/session";
import { Failure } from "@/ui/Failure";
import type { Drafting, Message } from "./drafts";
import { languageName } from "./languageNames";
import type { Sample } from "./usePreview";

type Props = {
  message: Message;
  drafting: Drafting;
  language: string;
  sample: Sample;
  isOpen: boolean;
  onClose: () => void;
};

/** Sends the message as it is on the page to one address, after saying what that does and does not do. */
export function TestSend({ message, drafting, language, sample, isOpen, onClose }: Props) {
  const { t } = useTranslation("messages");
  const { person } = useSession();
  const [to, setTo] = useState(message.medium === "email" && person ? person.email : "");
  const send = api.useMutation("post", "/v1/messages/{message}/test-send", {});
  const body = { to, language, changes: drafting.draft, ...sample };
  const close = () => {
    send.reset();
    onClose();
  };
  const sent = send.data?.sent;
  return (
    <Modal opened={isOpen} onClose={close} title={t("test.title")} closeButtonProps={{ "aria-label": t("close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate({ params: { path: { message: message.key } }, body });
        }}
      >
        <Stack>
          <TextInput
            label={t(`test.to.${message.medium}`)}
            required
            data-autofocus
            type={message.medium === "email" ? "email" : "text"}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <Text size="sm">{t("test.what")}</Text>
          <List size="sm">
            <List.Item>{t("test.one", { language: languageName(language) })}</List.Item>
            <List.Item>{t("test.marked")}</List.Item>
            <List.Item>{t("test.noCode")}</List.Item>
            {drafting.isChanged && <List.Item>{t("test.unsaved")}</List.Item>}
          </List>
          {send.error && <Failure error={send.error} />}
          {sent && (
            <Alert
              role="status"
              color={sent.isAccepted ? "green" : "red"}
              title={t(sent.isAccepted ? "test.accepted" : "test.refused", { to: sent.to })}
            >
              {sent.detail}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("close")}
            </Button>
            <Button type="submit" loading={send.isPending}>
              {t("test.send")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
