import { Button, Group, List, Modal, NumberInput, Stack, Table, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, type Schema } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import { type ExitName, KIND_NAMES, type KindName } from "../blocks";
import { useDraft } from "../editor/draft";
import { countsOf, UNMARKED } from "../marks";
import { Demands } from "./Demands";
import { type Mode, ModeChoice } from "./ModeChoice";

const EVENTS = { usual: 100, max: 1000 };

/** What the draft would have done with the latest real events. */
export function DryRunDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("workflows");
  const { t: ui } = useTranslation("ui");
  const { workflow, blocks, setMarks } = useDraft();
  const [limit, setLimit] = useState<number | string>(EVENTS.usual);
  const [mode, setMode] = useState<Mode>("normal");
  const dry = useMutation({
    mutationFn: async () => {
      const body = { definition: { blocks }, limit: Number(limit) || EVENTS.usual, mode };
      const path = { params: { path: { workflow: workflow.key } } };
      return (await client.POST("/v1/workflows/{workflow}/dry-run", { ...path, body })).data;
    },
    onSuccess: (seen) => seen && setMarks({ ...UNMARKED, labels: countsOf(seen.blocks) }),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("dryRun.title")}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <Stack>
        <Text size="sm">{t("dryRun.hint")}</Text>
        <Group align="flex-end">
          <NumberInput
            label={t("dryRun.events")}
            min={1}
            max={EVENTS.max}
            allowDecimal={false}
            value={limit}
            onChange={setLimit}
          />
          <ModeChoice value={mode} onChange={setMode} />
          <Button loading={dry.isPending} onClick={() => dry.mutate()}>
            {t("dryRun.act")}
          </Button>
        </Group>
        {dry.error ? <Failure error={dry.error} /> : null}
        {dry.data && <Seen seen={dry.data} />}
      </Stack>
    </Modal>
  );
}

function Seen({ seen }: { seen: Schema<"DryRunView"> }) {
  const { t } = useTranslation("workflows");
  return (
    <Stack gap="sm" role="status">
      <Text size="sm" fw={600}>
        {t("dryRun.started", { count: seen.started, events: number(seen.events), type: seen.eventType })}{" "}
        {t("dryRun.ended", {
          done: number(seen.states.done ?? 0),
          held: number(seen.states.held ?? 0),
          failed: number(seen.states.failed ?? 0),
        })}
      </Text>
      <Text size="sm" c="dimmed">
        {t("test.nothingSpent")}
      </Text>
      <Blocks blocks={seen.blocks} />
      {seen.failures.length > 0 && (
        <List size="sm" aria-label={t("dryRun.failures")}>
          {seen.failures.map(({ block, detail, runs }) => (
            <List.Item key={block + detail}>
              <b>{block}</b>: {detail} ({number(runs)})
            </List.Item>
          ))}
        </List>
      )}
      {seen.demands.length > 0 && <Demands demands={seen.demands} isEnough={seen.isEnough} />}
    </Stack>
  );
}

function Blocks({ blocks }: { blocks: Schema<"BlockCount">[] }) {
  const { t } = useTranslation("workflows");
  const kind = (name: string | null) => (KIND_NAMES.includes(name as KindName) ? t(`kinds.${name as KindName}`) : "–");
  return (
    <Table aria-label={t("dryRun.blocks")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t("demand.block")}</Table.Th>
          <Table.Th scope="col">{t("dryRun.kind")}</Table.Th>
          <Table.Th scope="col" ta="right">
            {t("dryRun.entered")}
          </Table.Th>
          <Table.Th scope="col">{t("exitsTitle")}</Table.Th>
          <Table.Th scope="col" ta="right">
            {t("runs.states.failed")}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody className="tearoff-numbers">
        {blocks.map((each) => (
          <Table.Tr key={each.block}>
            <Table.Td>{each.block}</Table.Td>
            <Table.Td>{kind(each.kind)}</Table.Td>
            <Table.Td ta="right">{number(each.entered)}</Table.Td>
            <Table.Td>
              {Object.entries(each.exits)
                .map(([exit, runs]) => `${t(`exits.${exit as ExitName}`)}: ${number(runs)}`)
                .join(" · ")}
            </Table.Td>
            <Table.Td ta="right">{number(each.failed)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
