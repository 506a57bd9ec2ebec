import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Skeleton,
  Stack,
  Switch,
  Table,
  Text,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { done } from "@/ui/notices";
import { Page } from "@/ui/Page";
import { UnsavedChanges } from "@/ui/UnsavedChanges";

type EventType = Schema<"EventTypeView">;
type Wanted = Schema<"Wanted">;

/** One event type: how it is called, and what its events must bring. */
export function Component() {
  const { t } = useTranslation("events");
  const { type = "" } = useParams();
  const query = api.useQuery("get", "/v1/event-types/{key}", { params: { path: { key: type } } });
  if (query.data) return <TypeForm key={query.data.id} type={query.data} />;
  return (
    <Page title={t("types.title")} above={[{ label: t("types.title"), to: "/event-types" }]}>
      {query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton h={360} />}
    </Page>
  );
}

function TypeForm({ type }: { type: EventType }) {
  const { t } = useTranslation("events");
  const mayEdit = useMayEdit();
  const [name, setName] = useState(type.name);
  const [description, setDescription] = useState(type.description);
  const [params, setParams] = useState<Wanted[] | null>(type.params ?? null);
  const save = api.useMutation("put", "/v1/event-types/{key}", { onSuccess: () => done(t("saved")) });
  const body = { name, description, params: params?.filter((one) => one.name.trim()) ?? null };
  const isChanged = JSON.stringify(body) !== JSON.stringify(bodyOf(type));
  return (
    <Page
      title={type.name || type.key}
      above={[{ label: t("types.title"), to: "/event-types" }]}
      actions={
        mayEdit && (
          <Button
            disabled={!isChanged}
            loading={save.isPending}
            onClick={() => save.mutate({ params: { path: { key: type.key } }, body })}
          >
            {t("save")}
          </Button>
        )
      }
    >
      <UnsavedChanges isThere={isChanged} />
      <Stack maw={640}>
        {save.error && <Failure error={save.error} />}
        <TextInput label={t("types.key")} value={type.key} readOnly />
        <TextInput
          label={t("types.name")}
          readOnly={!mayEdit}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={t("types.description")}
          autosize
          readOnly={!mayEdit}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Switch
          label={t("types.validate")}
          description={t("types.validateHint")}
          disabled={!mayEdit}
          checked={params !== null}
          onChange={(event) => setParams(event.currentTarget.checked ? [{ name: "", required: true }] : null)}
        />
        {params && <Params type={type.key} params={params} onChange={setParams} />}
      </Stack>
    </Page>
  );
}

function bodyOf({ name, description, params }: EventType) {
  return { name, description, params: params ?? null };
}

type ParamsProps = { type: string; params: Wanted[]; onChange: (params: Wanted[]) => void };

function Params({ type, params, onChange }: ParamsProps) {
  const { t } = useTranslation("events");
  const at = (n: number, part: Partial<Wanted>) =>
    onChange(params.map((old, m) => (m === n ? { ...old, ...part } : old)));
  const seen = api.useQuery("get", "/v1/events", { params: { query: { eventType: type, limit: 20 } } }).data?.items;
  const names = [...new Set((seen ?? []).flatMap((event) => Object.keys(event.params)))];
  const fresh = names.filter((name) => !params.some((one) => one.name === name));
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {t("types.asks")}
      </Title>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("types.param")}</Table.Th>
            <Table.Th scope="col">{t("types.required")}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {params.map(({ name, required }, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity but its place while its name is typed
            <Table.Tr key={n}>
              <Table.Td>
                <TextInput
                  aria-label={t("types.paramN", { n: n + 1 })}
                  value={name}
                  onChange={(event) => at(n, { name: event.currentTarget.value })}
                />
              </Table.Td>
              <Table.Td>
                <Checkbox
                  aria-label={t("types.requires", { name })}
                  checked={required ?? false}
                  onChange={(event) => at(n, { required: event.currentTarget.checked })}
                />
              </Table.Td>
              <Table.Td ta="right">
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={t("send.remove", { name })}
                  onClick={() => onChange(params.filter((_, m) => m !== n))}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...params, { name: "", required: true }])}
        >
          {t("send.add")}
        </Button>
        {fresh.length > 0 && <Text size="sm">{t("types.seen")}</Text>}
        {fresh.map((name) => (
          <Button
            key={name}
            variant="light"
            size="compact-xs"
            onClick={() => onChange([...params.filter((one) => one.name), { name, required: false }])}
          >
            {name}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
