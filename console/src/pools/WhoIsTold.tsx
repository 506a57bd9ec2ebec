import { Button, Group, Paper, Select, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useSession } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { Failure } from "@/ui/Failure";
import { showProblems } from "@/ui/forms";
import { done } from "@/ui/notices";
import type { Pool } from "./pool";

type Subscription = Schema<"SubscriptionView">;

const LISTED_MAX = 1000;
const FREQUENCIES = ["at-once", "daily", "weekly"] as const;

/** The people and webhooks that are told of problems of this pool. */
export function WhoIsTold({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const mayChange = useSession().role !== "viewer";
  const { data, error } = api.useQuery("get", "/v1/subscriptions", { params: { query: { limit: LISTED_MAX } } });
  if (error) return <Failure error={error} />;
  if (!data) return <Skeleton h={160} />;
  const mine = data.items.filter(({ pools }) => pools === null || pools.includes(pool.id));
  return (
    <Stack>
      {mine.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("whoEmpty")}
        </Text>
      )}
      {mine.map((one) => (
        <Told key={one.id} one={one} mayChange={mayChange} />
      ))}
      {mayChange ? <Tell pool={pool} /> : <Text size="sm">{t("mayNotTell")}</Text>}
    </Stack>
  );
}

function Told({ one, mayChange }: { one: Subscription; mayChange: boolean }) {
  const { t } = useTranslation("pools");
  const [isOpen, { open, close }] = useDisclosure();
  const path = { params: { path: { subscription_id: one.id } } };
  const test = api.useMutation("post", "/v1/subscriptions/{subscription_id}/test", {
    onSuccess: () => done(t("tested")),
  });
  const remove = api.useMutation("delete", "/v1/subscriptions/{subscription_id}", { onSuccess: close });
  const scope = one.pools === null ? t("allPools") : t("onlyThis");
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between">
        <div>
          <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
            {one.target}
          </Text>
          <Text size="xs" c="dimmed">
            {`${t(`whoKind.${one.kind}`)} · ${t(`frequencies.${one.frequency}`)} · ${scope}`}
          </Text>
        </div>
        {mayChange && (
          <Group gap="xs">
            <Button size="compact-xs" variant="default" loading={test.isPending} onClick={() => test.mutate(path)}>
              {t("test")}
            </Button>
            <Button size="compact-xs" variant="subtle" color="red" onClick={open}>
              {t("remove")}
            </Button>
          </Group>
        )}
      </Group>
      {test.error && <Failure error={test.error} />}
      <ConfirmAct
        title={t("untellTitle", { target: one.target })}
        act={t("remove")}
        isOpen={isOpen}
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(path)}
        onClose={close}
      >
        {one.pools === null
          ? t("untellAll", { target: one.target })
          : t("untellSome", { target: one.target, count: one.pools.length })}
      </ConfirmAct>
    </Paper>
  );
}

function Tell({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const form = useForm({
    initialValues: {
      kind: "email" as Subscription["kind"],
      target: "",
      frequency: "at-once" as Subscription["frequency"],
      which: "this",
    },
  });
  const add = api.useMutation("post", "/v1/subscriptions", {
    onSuccess: () => {
      form.reset();
      done(t("told"));
    },
    onError: (error) => showProblems(form, error),
  });
  const submit = form.onSubmit(({ which, ...body }) =>
    add.mutate({ body: { ...body, pools: which === "this" ? [pool.id] : null } }),
  );
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {add.error && Object.keys(form.errors).length === 0 && <Failure error={add.error} />}
        <Group grow>
          <Select
            label={t("kind")}
            allowDeselect={false}
            data={(["email", "webhook"] as const).map((value) => ({ value, label: t(`whoKind.${value}`) }))}
            {...form.getInputProps("kind")}
          />
          <TextInput label={t("target")} required {...form.getInputProps("target")} />
        </Group>
        <Group grow>
          <Select
            label={t("frequency")}
            allowDeselect={false}
            data={FREQUENCIES.map((value) => ({ value, label: t(`frequencies.${value}`) }))}
            {...form.getInputProps("frequency")}
          />
          <Select
            label={t("which")}
            allowDeselect={false}
            data={[
              { value: "this", label: t("onlyThis") },
              { value: "all", label: t("allPools") },
            ]}
            {...form.getInputProps("which")}
          />
        </Group>
        <Button type="submit" variant="default" w="fit-content" loading={add.isPending}>
          {t("tell")}
        </Button>
      </Stack>
    </form>
  );
}
