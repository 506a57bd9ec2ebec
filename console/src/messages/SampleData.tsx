import { SegmentedControl, Select, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { nameOf } from "@/contacts/names";
import { isAboutSomebody } from "@/events/params";
import { useSession } from "@/session/session";
import { CodeEditor } from "@/ui/CodeEditor";
import { moment } from "@/ui/format";
import type { Sample } from "./usePreview";

type Kind = "event" | "contact" | "json";

const EVENTS_SHOWN = 50;
const EXAMPLE = '{\n  "firstName": "Alice",\n  "email": "alice@example.com"\n}';

/** Chooses over which data a preview is made: a past event, a contact, or pasted JSON. */
export function SampleData({ onChange }: { onChange: (sample: Sample) => void }) {
  const { t } = useTranslation("messages");
  const [kind, setKind] = useState<Kind>("event");
  const choose = (value: string) => {
    setKind(value as Kind);
    onChange(value === "json" ? { data: JSON.parse(EXAMPLE) } : {});
  };
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs"
        w="fit-content"
        aria-label={t("sample.title")}
        value={kind}
        onChange={choose}
        data={(["event", "contact", "json"] as const).map((value) => ({ value, label: t(`sample.${value}`) }))}
      />
      {kind === "event" && <EventChoice onChange={onChange} />}
      {kind === "contact" && <ContactChoice onChange={onChange} />}
      {kind === "json" && <Pasted onChange={onChange} />}
    </Stack>
  );
}

/** A choice among the last events, at first the last that is about somebody; shown by its type, its key and when it came. */
export function EventChoice({ onChange }: { onChange: (sample: Sample) => void }) {
  const { t } = useTranslation("messages");
  const { timeZone } = useSession().project;
  const { data } = api.useQuery("get", "/v1/events", { params: { query: { limit: EVENTS_SHOWN } } });
  const [chosen, setChosen] = useState<string | null>();
  const newest = (data?.items.find(({ params }) => isAboutSomebody(params)) ?? data?.items[0])?.id;
  const value = chosen === undefined ? (newest ? String(newest) : null) : chosen;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told again only when the choice is another one
  useEffect(() => onChange(value ? { eventId: Number(value) } : {}), [value]);
  const label = (event: { eventType: string; keyValue: string; receivedAt: string }) =>
    `${event.eventType} · ${event.keyValue} · ${moment(event.receivedAt, timeZone)}`;
  return (
    <Select
      size="xs"
      searchable
      clearable
      aria-label={t("sample.whichEvent")}
      placeholder={t(data?.items.length === 0 ? "sample.noEvents" : "sample.whichEvent")}
      data={(data?.items ?? []).map((event) => ({ value: String(event.id), label: label(event) }))}
      value={value}
      onChange={setChosen}
    />
  );
}

function ContactChoice({ onChange }: { onChange: (sample: Sample) => void }) {
  const { t } = useTranslation("messages");
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search, 300);
  const { data } = api.useQuery("get", "/v1/contacts", {
    params: { query: { limit: 20, q: asked.split(" · ")[0] || undefined } },
  });
  return (
    <Select
      size="xs"
      searchable
      clearable
      aria-label={t("sample.whichContact")}
      placeholder={t("sample.whichContact")}
      filter={({ options }) => options}
      searchValue={search}
      onSearchChange={setSearch}
      data={(data?.items ?? []).map((contact) => ({ value: String(contact.id), label: nameOf(contact) }))}
      onChange={(id) => onChange(id ? { contactId: Number(id) } : {})}
    />
  );
}

function Pasted({ onChange }: { onChange: (sample: Sample) => void }) {
  const { t } = useTranslation("messages");
  const [text, setText] = useState(EXAMPLE);
  const [problem, setProblem] = useState<string | null>(null);
  const put = (value: string) => {
    setText(value);
    try {
      const data: unknown = JSON.parse(value);
      const isObject = data !== null && typeof data === "object" && !Array.isArray(data);
      setProblem(isObject ? null : t("sample.noObject"));
      if (isObject) onChange({ data: data as Record<string, unknown> });
    } catch (error) {
      setProblem(String(error instanceof Error ? error.message : error));
    }
  };
  return (
    <CodeEditor
      label={t("sample.json")}
      language="json"
      value={text}
      onChange={put}
      problems={problem ? [problem] : []}
      maxHeight="200px"
    />
  );
}
