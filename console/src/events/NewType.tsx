import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { Failure } from "@/ui/Failure";

/** Makes an event type before its first event, and opens it. */
export function NewType({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("events");
  const navigate = useNavigate();
  const [key, setKey] = useState("");
  const put = api.useMutation("put", "/v1/event-types/{key}", {
    onSuccess: (made) => navigate(`/event-types/${encodeURIComponent(made.key)}`),
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("types.new")} closeButtonProps={{ "aria-label": t("close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          put.mutate({ params: { path: { key: key.trim() } }, body: {} });
        }}
      >
        <Stack>
          {put.error && <Failure error={put.error} />}
          <TextInput
            label={t("types.key")}
            description={t("types.keyHint")}
            required
            data-autofocus
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={put.isPending}>
              {t("create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
