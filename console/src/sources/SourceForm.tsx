import { Input, SegmentedControl, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useNames } from "@/messages/useNames";
import { CodeEditor } from "@/ui/CodeEditor";
import { WholeInput } from "@/ui/WholeInput";
import type { Draft } from "./drafts";
import { HeaderRows } from "./HeaderRows";

type Props = { draft: Draft; onChange?: (draft: Draft) => void; problems: Schema<"Problem">[] };

const METHODS = ["GET", "POST"] as const;
const FORMATS = ["json", "xml", "text"] as const;

/** How a source is called: address, headers, credentials, body, and what happens when it fails. */
export function SourceForm({ draft, onChange, problems }: Props) {
  const { t } = useTranslation("sources");
  const names = useNames();
  const connectors = api.useQuery("get", "/v1/connectors", {}).data?.items ?? [];
  const isReadOnly = !onChange;
  const set = (part: Partial<Draft>) => onChange?.({ ...draft, ...part });
  const at = (pointer: string) => problems.filter((one) => one.pointer === pointer).map(({ detail }) => detail);
  return (
    <Stack>
      <TextInput
        label={t("name")}
        description={t("nameHint")}
        readOnly={isReadOnly}
        value={draft.name}
        error={at("/name").join(" ") || null}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Input.Wrapper label={t("method")} labelElement="div" labelProps={{ id: "method-label" }}>
        <SegmentedControl
          display="flex"
          w="fit-content"
          aria-labelledby="method-label"
          readOnly={isReadOnly}
          value={draft.method}
          data={[...METHODS]}
          onChange={(method) => set({ method: method as Draft["method"] })}
        />
      </Input.Wrapper>
      <CodeEditor
        label={t("url")}
        description={t("urlHint")}
        language="text"
        value={draft.url}
        onChange={onChange && ((url) => set({ url: url.replaceAll("\n", "") }))}
        names={names}
        problems={at("/url")}
        minHeight="40px"
      />
      <Select
        label={t("connector")}
        description={t("connectorHint")}
        placeholder={t("noConnector")}
        clearable
        readOnly={isReadOnly}
        value={draft.connector}
        error={at("/connector").join(" ") || null}
        data={connectors.map(({ key, kind }) => ({ value: key, label: `${key} (${t(`connectors.kinds.${kind}`)})` }))}
        onChange={(connector) => set({ connector })}
      />
      <HeaderRows headers={draft.headers} onChange={onChange && ((headers) => set({ headers }))} problems={problems} />
      {draft.method === "POST" && (
        <Stack gap="xs">
          <Select
            label={t("format")}
            w={200}
            allowDeselect={false}
            readOnly={isReadOnly}
            value={draft.format}
            data={FORMATS.map((value) => ({ value, label: t(`formats.${value}`) }))}
            onChange={(format) => format && set({ format: format as Draft["format"] })}
          />
          <CodeEditor
            key={draft.format}
            label={t("body")}
            language={draft.format === "xml" ? "html" : "text"}
            value={draft.body}
            onChange={onChange && ((body) => set({ body }))}
            names={names}
            problems={at("/body")}
            minHeight="160px"
          />
        </Stack>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <WholeInput
          label={t("timeout")}
          min={1}
          max={60}
          readOnly={isReadOnly}
          value={draft.timeoutSeconds}
          onChange={(timeoutSeconds) => set({ timeoutSeconds })}
        />
        <WholeInput
          label={t("retries")}
          min={0}
          max={5}
          readOnly={isReadOnly}
          value={draft.retries}
          onChange={(retries) => set({ retries })}
        />
        <Select
          label={t("onFailure")}
          allowDeselect={false}
          readOnly={isReadOnly}
          value={draft.onFailure}
          data={(["fail", "null"] as const).map((value) => ({ value, label: t(`failure.${value}`) }))}
          onChange={(value) => value && set({ onFailure: value as Draft["onFailure"] })}
        />
      </SimpleGrid>
    </Stack>
  );
}
