import { Anchor, Group, Text, Timeline } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { When } from "@/ui/When";

type Act = Schema<"ActView">;

const ACTS = [
  "added",
  "withdrawn",
  "reserved",
  "exposed",
  "issued",
  "returned",
  "revoked",
  "transferred",
  "redeemed",
  "rolled back",
] as const;
const COLOURS: Record<string, string> = {
  issued: "teal",
  redeemed: "indigo",
  withdrawn: "red",
  revoked: "red",
  "rolled back": "orange",
};

/** What happened to a code, in order. */
export function Story({ acts }: { acts: Act[] }) {
  return (
    <Timeline bulletSize={14} lineWidth={2} active={acts.length}>
      {acts.map((act) => (
        <Timeline.Item key={`${act.at} ${act.act} ${act.who}`} color={COLOURS[act.act]} title={<Name act={act} />}>
          <When at={act.at} />
          <Group gap="sm">
            {act.who && <Who who={act.who} />}
            <Links act={act} />
          </Group>
          {act.reason && <Text size="sm">{act.reason}</Text>}
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

function Who({ who }: { who: string }) {
  const { t } = useTranslation("codes");
  const task = /^(?:import|generation) (\d+)$/.exec(who)?.[1];
  if (task)
    return (
      <Anchor component={Link} to={`/tasks/${task}`} size="sm">
        {t("taskLink", { id: task })}
      </Anchor>
    );
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
      {who}
    </Text>
  );
}

function Name({ act }: { act: Act }) {
  const { t } = useTranslation("codes");
  const known = ACTS.find((one) => one === act.act);
  const state = act.act.replace(/^message /, "");
  return (
    <Text span fw={600} size="sm">
      {known ? t(`act.${known}`) : t("message", { state })}
    </Text>
  );
}

function Links({ act }: { act: Act }) {
  const { t } = useTranslation("codes");
  return (
    <>
      {act.contactId && (
        <Anchor component={Link} to={`/contacts/${act.contactId}`} size="sm">
          {t("contact", { id: act.contactId })}
        </Anchor>
      )}
      {act.runId && (
        <Anchor component={Link} to={`/runs/${act.runId}`} size="sm">
          {t("run", { id: act.runId })}
        </Anchor>
      )}
    </>
  );
}
