import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { Failure } from "@/ui/Failure";

type Channel = Schema<"ChannelView">;

/** Tries a channel: connects, signs in, and sends one message when an address is given. */
export function ChannelTest({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const [to, setTo] = useState("");
  const test = api.useMutation("post", "/v1/channels/{channel}/test");
  const run = () => test.mutate({ params: { path: { channel: channel.key } }, body: { to: to || null } });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("channels.testTitle", { name: channel.key })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack>
        <Text size="sm">{t("channels.testHint")}</Text>
        <TextInput
          label={t("channels.testTo")}
          description={t("channels.testToHint")}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        {test.error ? <Failure error={test.error} /> : null}
        {test.data && (
          <Alert color={test.data.isWorking ? "teal" : "red"} role="status">
            {test.data.detail}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button loading={test.isPending} onClick={run}>
            {t("channels.testAct")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
