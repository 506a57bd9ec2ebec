import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { api } from "@/api/client";
import type { Pool } from "@/pools/pool";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import { ImportDone } from "./ImportDone";

/** Codes typed or pasted, one on each line, counted while they are typed. */
export function TypedCodes({ pool }: { pool: Pool }) {
  const { t } = useTranslation("uploads");
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState("");
  const add = api.useMutation("post", "/v1/pools/{pool}/imports", {
    onSuccess: ({ id }) => setParams({ by: "typed", task: String(id) }, { replace: true }),
  });
  const task = Number(params.get("task"));
  const lines = linesOf(text);
  const repeated = lines.length - new Set(lines).size;
  if (task)
    return (
      <ImportDone
        key={task}
        id={task}
        onMore={() => {
          setText("");
          setParams({ by: "typed" }, { replace: true });
        }}
      />
    );
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    add.mutate({ params: { path: { pool: String(pool.id) } }, body: { text: lines.join("\n") } });
  };
  return (
    <form onSubmit={submit}>
      <UnsavedChanges isThere={lines.length > 0} />
      <Stack maw={560}>
        {add.error && <Failure error={add.error} />}
        <Textarea
          label={t("typedLabel")}
          description={t("typedHint")}
          rows={10}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          classNames={{ input: "tearoff-code" }}
          spellCheck={false}
        />
        <Group justify="space-between">
          <Text size="sm" aria-live="polite" className="tearoff-numbers">
            {t("count", { count: lines.length, formatted: number(lines.length) })}
            {repeated > 0 && ` · ${t("repeatedLines", { count: repeated, formatted: number(repeated) })}`}
          </Text>
          <Button type="submit" disabled={lines.length === 0} loading={add.isPending}>
            {t("addTyped")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
}
