import { Anchor, Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { EmptyState } from "@/ui/EmptyState";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { done } from "@/ui/notices";
import { When } from "@/ui/When";
import { RotateSecret } from "./RotateSecret";
import { SettingsPage } from "./SettingsPage";

type Notice = Schema<"NoticeView">;

const COLOURS = { waiting: "gray", sent: "teal", failed: "red" } as const;

/** What somebody was told of problems, and what the other side said. */
export function Component() {
  const { t } = useTranslation("settings");
  const path = { subscription_id: Number(useParams().subscription) };
  const params = { path, query: { after: useAfter(), limit: 50 } };
  const one = api.useQuery("get", "/v1/subscriptions/{subscription_id}", { params: { path } });
  const query = api.useQuery("get", "/v1/subscriptions/{subscription_id}/notices", { params });
  return (
    <SettingsPage tab="notifications">
      <Stack>
        <Anchor component={Link} to="/settings/notifications" size="sm" w="fit-content">
          {t("notifications.all")}
        </Anchor>
        {one.error && <Failure error={one.error} onRetry={() => void one.refetch()} />}
        {one.data && <Head row={one.data} />}
        <Listing
          caption={t("notifications.told")}
          columns={useColumns()}
          query={query}
          rowKey={(notice) => notice.id}
          empty={<EmptyState title={t("notifications.toldEmpty")}>{t("notifications.toldEmptyHint")}</EmptyState>}
        />
      </Stack>
    </SettingsPage>
  );
}

function Head({ row }: { row: Schema<"SubscriptionView"> }) {
  const { t } = useTranslation("settings");
  const mayEdit = useMayEdit();
  const [isRotating, setRotating] = useState(false);
  const test = api.useMutation("post", "/v1/subscriptions/{subscription_id}/test", {
    onSuccess: () => done(t("notifications.tested")),
  });
  return (
    <>
      <Group justify="space-between">
        <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
          {row.target}
        </Title>
        {mayEdit && (
          <Group gap="xs">
            <Button
              variant="default"
              loading={test.isPending}
              onClick={() => test.mutate({ params: { path: { subscription_id: row.id } } })}
            >
              {t("notifications.test")}
            </Button>
            {row.kind === "webhook" && (
              <Button variant="default" onClick={() => setRotating(true)}>
                {t("notifications.rotate")}
              </Button>
            )}
          </Group>
        )}
      </Group>
      <RotateSecret id={row.id} isOpen={isRotating} onClose={() => setRotating(false)} />
    </>
  );
}

function useColumns(): Column<Notice>[] {
  const { t } = useTranslation("settings");
  return [
    { head: t("notifications.at"), cell: (notice) => <When at={notice.createdAt} /> },
    { head: t("notifications.event"), cell: (notice) => <Occasion event={notice.event} /> },
    {
      head: t("notifications.state"),
      cell: ({ state }) => (
        <Badge variant="light" color={COLOURS[state]}>
          {t(`notifications.states.${state}`)}
        </Badge>
      ),
    },
    { head: t("notifications.tries"), isNumber: true, cell: (notice) => number(notice.tries) },
    { head: t("notifications.answer"), cell: (notice) => <Text size="sm">{notice.answer ?? "–"}</Text> },
  ];
}

const OCCASIONS = {
  "problem.opened": "opened",
  "problem.repeated": "repeated",
  "problem.closed": "closed",
  "problems.digest": "digest",
  test: "test",
} as const;

function Occasion({ event }: { event: string }) {
  const { t } = useTranslation("settings");
  const known = event in OCCASIONS ? OCCASIONS[event as keyof typeof OCCASIONS] : null;
  return <Text size="sm">{known ? t(`notifications.events.${known}`) : event}</Text>;
}
