import { ActionIcon, Alert, Autocomplete, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, type Schema } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { useOnceKey } from "@/ui/onceKey";
import { isAboutSomebody, typedValue } from "./params";

type Pair = { name: string; value: string };

const AT_FIRST: Pair[] = [{ name: "email", value: "" }];

/** Sends one event by hand, after saying that it is as real as any other. */
export function SendEvent({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("events");
  const navigate = useNavigate();
  const [type, setType] = useState("");
  const [keyValue, setKeyValue] = useState("");
  const [pairs, setPairs] = useState(AT_FIRST);
  const types = api.useQuery("get", "/v1/event-types", {}).data?.items ?? [];
  const once = useOnceKey();
  const send = api.useMutation("post", "/v1/events", {
    onSuccess: ({ id }) => {
      onClose();
      navigate(id ? `/events/${id}` : "/events");
    },
    onSettled: (_, error) => once.settle(error),
  });
  const choose = (key: string) => {
    setType(key);
    const found = types.find((one) => one.key === key);
    if (found?.params) setPairs(pairsFor(found, pairs));
  };
  const params = Object.fromEntries(
    pairs
      .filter(({ name, value }) => name.trim() && value !== "")
      .map(({ name, value }) => [name.trim(), typedValue(value)]),
  );
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("send.title")} closeButtonProps={{ "aria-label": t("close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate({ body: { eventType: type, keyValue, params }, headers: once.header });
        }}
      >
        <Stack>
          <Autocomplete
            label={t("type")}
            required
            data-autofocus
            data={types.map(({ key }) => key)}
            value={type}
            onChange={choose}
          />
          <TextInput
            label={t("keyValue")}
            description={t("send.keyHint")}
            value={keyValue}
            onChange={(event) => setKeyValue(event.currentTarget.value)}
          />
          <Pairs pairs={pairs} onChange={setPairs} />
          <Alert variant="light">{t("send.what")}</Alert>
          {send.error && <Failure error={send.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={send.isPending}>
              {t("send.act")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function pairsFor({ params }: Schema<"EventTypeView">, before: Pair[]): Pair[] {
  const wanted = (params ?? []).map(({ name }) => ({
    name,
    value: before.find((one) => one.name === name)?.value ?? "",
  }));
  const isKept = ({ name, value }: Pair) => value !== "" || isAboutSomebody({ [name]: value });
  const others = before.filter((one) => isKept(one) && !wanted.some(({ name }) => name === one.name));
  return [...wanted, ...others];
}

function Pairs({ pairs, onChange }: { pairs: Pair[]; onChange: (pairs: Pair[]) => void }) {
  const { t } = useTranslation("events");
  const at = (n: number, pair: Partial<Pair>) => onChange(pairs.map((old, m) => (m === n ? { ...old, ...pair } : old)));
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        {t("params")}
      </Text>
      {pairs.map(({ name, value }, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity but its place while its name is typed
        <Group key={n} wrap="nowrap" align="end">
          <TextInput
            aria-label={t("send.name", { n: n + 1 })}
            placeholder={t("send.nameWord")}
            value={name}
            onChange={(event) => at(n, { name: event.currentTarget.value })}
          />
          <TextInput
            flex={1}
            aria-label={t("send.value", { name: name || n + 1 })}
            placeholder={t("send.valueWord")}
            value={value}
            onChange={(event) => at(n, { value: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="red"
            size="lg"
            aria-label={t("send.remove", { name: name || n + 1 })}
            onClick={() => onChange(pairs.filter((_, m) => m !== n))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => onChange([...pairs, { name: "", value: "" }])}
      >
        {t("send.add")}
      </Button>
    </Stack>
  );
}
