import { Alert, Button, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPlay, IconShieldCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, client, type Schema } from "@/api/client";
import { useSession } from "@/session/session";
import { CodeEditor } from "@/ui/CodeEditor";
import { Failure } from "@/ui/Failure";
import { moment } from "@/ui/format";
import { eventTypeOf } from "../blocks";
import { useDraft } from "../editor/draft";
import { pathOf } from "../marks";
import { type Mode, ModeChoice } from "./ModeChoice";
import { TestPath } from "./TestPath";

const EVENTS_MAX = 20;
const PASTED = "pasted";

function readParams(text: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(text || "{}");
    return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Walks the unsaved draft with one event and shows every step; nothing is spent. */
export function TestPanel() {
  const { t } = useTranslation("workflows");
  const { workflow, blocks, setMarks } = useDraft();
  const events = useEvents();
  const [chosen, setEvent] = useState<string | null>(null);
  const event = chosen ?? String(events[0]?.id ?? PASTED);
  const [text, setText] = useState("{}");
  const [mode, setMode] = useState<Mode>("normal");
  const [callSources, setCallSources] = useState(false);
  const [to, setTo] = useState("");
  const params = readParams(text);
  const test = useMutation({
    mutationFn: async () => {
      const source = event === PASTED ? { event: { params: params ?? {} } } : { eventId: Number(event) };
      const send = to.trim() ? { to: to.trim() } : null;
      const body = { ...source, mode, callSources, send, definition: { blocks } };
      const path = { params: { path: { workflow: workflow.key } } };
      return (await client.POST("/v1/workflows/{workflow}/test-runs", { ...path, body })).data;
    },
    onSuccess: (seen) => seen && setMarks(pathOf(seen.steps, seen)),
  });
  return (
    <Stack gap="sm">
      <EventChoice
        events={events}
        value={event}
        onChange={setEvent}
        onCopy={(copied) => setText(JSON.stringify(copied, null, 2))}
      />
      {event === PASTED && (
        <CodeEditor
          label={t("test.params")}
          language="json"
          value={text}
          onChange={setText}
          problems={params ? [] : [t("notJson")]}
          minHeight="96px"
          maxHeight="220px"
        />
      )}
      <ModeChoice value={mode} onChange={setMode} />
      <Text size="xs" c="dimmed">
        {t(`test.modeHints.${mode}`)}
      </Text>
      <Switch
        size="sm"
        label={t("test.callSources")}
        checked={callSources}
        onChange={({ currentTarget }) => setCallSources(currentTarget.checked)}
      />
      <TextInput
        label={t("test.sendTo")}
        description={t("test.sendToHint")}
        value={to}
        onChange={({ currentTarget }) => setTo(currentTarget.value)}
      />
      <Button
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        loading={test.isPending}
        disabled={event === PASTED && !params}
        onClick={() => test.mutate()}
      >
        {t("test.act")}
      </Button>
      {test.error ? <Failure error={test.error} /> : null}
      {test.data && <Result seen={test.data} />}
    </Stack>
  );
}

function useEvents(): Schema<"EventView">[] {
  const eventType = eventTypeOf(useDraft().blocks);
  const { data } = api.useQuery(
    "get",
    "/v1/events",
    { params: { query: { eventType, limit: EVENTS_MAX } } },
    { enabled: eventType !== "" },
  );
  return data?.items ?? [];
}

type ChoiceProps = {
  events: Schema<"EventView">[];
  value: string;
  onChange: (id: string) => void;
  onCopy: (params: Record<string, unknown>) => void;
};

function EventChoice({ events, value, onChange, onCopy }: ChoiceProps) {
  const { t } = useTranslation("workflows");
  const { timeZone } = useSession().project;
  const chosen = events.find(({ id }) => String(id) === value);
  return (
    <Stack gap={4}>
      <Select
        label={t("test.event")}
        allowDeselect={false}
        data={[
          { value: PASTED, label: t("test.paste") },
          ...events.map(({ id, keyValue, receivedAt }) => ({
            value: String(id),
            label: `${keyValue} · ${moment(receivedAt, timeZone)}`,
          })),
        ]}
        value={value}
        onChange={(id) => id && onChange(id)}
      />
      {chosen && (
        <Button
          size="compact-xs"
          variant="subtle"
          w="fit-content"
          onClick={() => {
            onCopy(chosen.params);
            onChange(PASTED);
          }}
        >
          {t("test.change")}
        </Button>
      )}
    </Stack>
  );
}

function Result({ seen }: { seen: Schema<"TestRun"> }) {
  const { t } = useTranslation("workflows");
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new result comes into view
  useEffect(() => place.current?.scrollIntoView({ block: "nearest" }), [seen]);
  const isSent = seen.steps.some(({ message }) => message?.sent);
  const colour = { done: "green", held: "yellow", failed: "red" }[seen.state];
  return (
    <Stack ref={place} gap="sm" role="status" aria-label={t("test.result")}>
      <Alert color={colour} icon={<IconShieldCheck aria-hidden />} title={t(`test.states.${seen.state}`)}>
        {t(isSent ? "test.nothingTaken" : "test.nothingSpent")}
      </Alert>
      {!seen.wouldStart && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={t("test.wouldNotStart")}>
          {seen.reasons.join(" ")}
        </Alert>
      )}
      <TestPath steps={seen.steps} error={seen.error} />
    </Stack>
  );
}
