import { Button, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconEye } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { EmailPreview } from "@/messages/EmailPreview";
import { Marked } from "@/messages/Marked";
import { Facts } from "../runs/Facts";

type Message = Schema<"RenderedMessage">;
type Props = { message: Message; samples: string[] };

/** A message as its receiver would read it, with every sample code marked. */
export function RenderedMessage({ message, samples }: Props) {
  const { t } = useTranslation("workflows");
  const { recipient, language, subject, title, text, html, link, sent } = message;
  return (
    <Stack gap="xs" align="flex-start">
      <Facts facts={{ [t("test.recipient")]: recipient, [t("test.language")]: language }} />
      <Text size="sm" fw={600}>
        <Marked text={subject ?? title ?? ""} samples={samples} />
      </Text>
      {!html && text && (
        <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
          <Marked text={text} samples={samples} />
        </Text>
      )}
      {link && <Text size="xs">{link}</Text>}
      {html && <Mail message={message} samples={samples} />}
      {sent && (
        <Text size="xs" c={sent.isAccepted ? undefined : "red"}>
          {t(sent.isAccepted ? "test.sent" : "test.notSent", { to: sent.to, detail: sent.detail })}
        </Text>
      )}
    </Stack>
  );
}

function textsOf({ subject, html, text, sender, replyTo }: Message): Record<string, string> {
  const given = Object.entries({ subject, html, text, sender, replyTo }).filter(([, each]) => Boolean(each));
  return Object.fromEntries(given) as Record<string, string>;
}

function Mail({ message, samples }: Props) {
  const { t } = useTranslation("workflows");
  const { t: ui } = useTranslation("ui");
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconEye size={16} aria-hidden />} onClick={open}>
        {t("test.look")}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        closeOnClickOutside
        size="xl"
        title={t("test.rendered")}
        closeButtonProps={{ "aria-label": ui("close") }}
      >
        <EmailPreview texts={textsOf(message)} samples={samples} />
      </Modal>
    </>
  );
}
