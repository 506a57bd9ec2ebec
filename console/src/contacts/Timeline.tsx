import { Button, Chip, Group, Skeleton, Stack, Switch, Text, Title, Timeline as Track } from "@mantine/core";
import { IconBolt, IconMail, IconReceipt, IconTicket } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useSession } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { useFilter } from "@/ui/filters";
import { When } from "@/ui/When";
import { CodeLine, MessageLine, RedemptionLine, RunLine } from "./timelineLines";

type Item = Schema<"TimelineItem">;

const KINDS = ["code", "message", "run", "redemption"] as const;
const ICONS = { code: IconTicket, message: IconMail, run: IconBolt, redemption: IconReceipt };

/** Everything that happened to a person, the newest first: codes with the reason for each, messages, runs, uses. */
export function Timeline({ contactId }: { contactId: number }) {
  const { t } = useTranslation("contacts");
  const { mayReveal } = useSession();
  const [kinds, setKinds] = useFilter("kinds");
  const [reveal, setReveal] = useState(false);
  const [cursors, setCursors] = useState<(string | null)[]>([null]);
  const choose = (chosen: string[]) => {
    setCursors([null]);
    setKinds(chosen.length === KINDS.length ? null : chosen.join(","));
  };
  return (
    <Stack component="section" aria-label={t("timeline")}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("timeline")}
        </Title>
        {mayReveal && (
          <Switch
            size="sm"
            label={t("reveal")}
            description={t("revealHint")}
            checked={reveal}
            onChange={(event) => setReveal(event.currentTarget.checked)}
          />
        )}
      </Group>
      <Chip.Group multiple value={kinds ? kinds.split(",") : [...KINDS]} onChange={choose}>
        <Group gap="xs">
          {KINDS.map((kind) => (
            <Chip key={kind} size="xs" value={kind}>
              {t(`happened.${kind}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {cursors.map((after, n) => (
        <Part
          key={after ?? ""}
          {...{ contactId, kinds, reveal, after }}
          onMore={n === cursors.length - 1 ? (next) => setCursors([...cursors, next]) : undefined}
        />
      ))}
    </Stack>
  );
}

type PartProps = {
  contactId: number;
  kinds: string;
  reveal: boolean;
  after: string | null;
  onMore?: (next: string) => void;
};

function Part({ contactId, kinds, reveal, after, onMore }: PartProps) {
  const { t } = useTranslation("contacts");
  const { data, error, refetch } = api.useQuery(
    "get",
    "/v1/contacts/{contact_id}/timeline",
    {
      params: {
        path: { contact_id: contactId },
        query: { limit: 50, kinds: kinds || undefined, reveal, after: after ?? undefined },
      },
    },
    { placeholderData: keepPreviousData },
  );
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={240} />;
  if (data.items.length === 0) return <Text c="dimmed">{t("nothingYet")}</Text>;
  const { next } = data;
  return (
    <>
      <Track bulletSize={28} lineWidth={2}>
        {data.items.map((item) => {
          const Icon = ICONS[item.kind];
          return (
            <Track.Item key={item.kind + item.at + keyOf(item)} bullet={<Icon size={14} aria-hidden />}>
              <Line item={item} />
              <When at={item.at} />
            </Track.Item>
          );
        })}
      </Track>
      {next && onMore && (
        <Button variant="default" size="xs" w="fit-content" onClick={() => onMore(next)}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

function keyOf({ code, message, run, redemption }: Item): number | undefined {
  return code?.id ?? message?.deliveryId ?? run?.id ?? redemption?.id;
}

function Line({ item }: { item: Item }) {
  if (item.code) return <CodeLine code={item.code} />;
  if (item.message) return <MessageLine message={item.message} />;
  if (item.run) return <RunLine run={item.run} />;
  return item.redemption ? <RedemptionLine redemption={item.redemption} /> : null;
}
