import { ActionIcon, Button, Group, Select, Skeleton, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { number, thousands } from "@/ui/format";
import { done } from "@/ui/notices";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import { WholeInput } from "@/ui/WholeInput";
import type { Pool } from "./pool";
import { SaveBar } from "./SaveBar";

type Rung = Schema<"Rung">;

/** The thresholds beside the first one, each with how bad it is. */
export function Rungs({ pool }: { pool: Pool }) {
  const { data, error } = api.useQuery("get", "/v1/pools/{pool}/alerts", { params: { path: { pool: pool.key } } });
  if (error) return <Failure error={error} />;
  return data ? <Ladder pool={pool} stored={data.rungs} /> : <Skeleton h={80} />;
}

function Ladder({ pool, stored }: { pool: Pool; stored: Rung[] }) {
  const { t } = useTranslation("pools");
  const mayEdit = useMayEdit();
  const [rungs, setRungs] = useState(stored);
  const save = api.useMutation("put", "/v1/pools/{pool}/alerts", {
    onSuccess: (saved) => {
      setRungs(saved.rungs);
      done(t("saved"));
    },
  });
  const change = (at: number, part: Partial<Rung>) =>
    setRungs(rungs.map((rung, n) => (n === at ? { ...rung, ...part } : rung)));
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    save.mutate({ params: { path: { pool: pool.key } }, body: { rungs } });
  };
  return (
    <form onSubmit={submit}>
      <UnsavedChanges isThere={JSON.stringify(rungs) !== JSON.stringify(stored)} />
      <Stack>
        <Text size="sm" fw={500}>
          {t("rungs")}
        </Text>
        {rungs.map((rung, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a threshold is known by its line alone while it is typed
          <Group key={n} align="flex-end" wrap="nowrap">
            <WholeInput
              label={t("rungBelow")}
              min={1}
              thousandSeparator={thousands()}
              disabled={!mayEdit}
              value={rung.below}
              onChange={(below) => change(n, { below })}
            />
            <Select
              label={t("rungLevel")}
              disabled={!mayEdit}
              allowDeselect={false}
              data={(["warning", "alarm"] as const).map((value) => ({ value, label: t(`level.${value}`) }))}
              value={rung.level}
              onChange={(level) => change(n, { level: level as Rung["level"] })}
            />
            {mayEdit && (
              <ActionIcon
                variant="subtle"
                color="red"
                size="lg"
                aria-label={`${t("remove")} ${number(rung.below)}`}
                onClick={() => setRungs(rungs.filter((_, other) => other !== n))}
              >
                <IconTrash size={18} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
        {mayEdit && (
          <Button
            variant="default"
            size="xs"
            w="fit-content"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setRungs([...rungs, { below: 100, level: "alarm" }])}
          >
            {t("addRung")}
          </Button>
        )}
        {(rungs.length > 0 || stored.length > 0) && (
          <SaveBar isPending={save.isPending} error={save.error} warnings={[]} label={`${t("save")}: ${t("rungs")}`} />
        )}
      </Stack>
    </form>
  );
}
