import { Anchor, Badge, Button, Collapse, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { When } from "@/ui/When";
import { ResendMessage } from "./ResendMessage";
import { WhyCode } from "./WhyCode";

const CODE_COLOURS = {
  reserved: "blue",
  issued: "teal",
  redeemed: "green",
  returned: "gray",
  revoked: "red",
  expired: "gray",
} as const;

/** A code that the person received: which, in what state, and why. */
export function CodeLine({ code }: { code: Schema<"ReceivedCode"> }) {
  const { t } = useTranslation("contacts");
  const [isOpen, { toggle }] = useDisclosure();
  return (
    <Stack gap={4} align="flex-start">
      <Group gap="xs">
        <Text className="tearoff-code" fw={600}>
          {code.code}
        </Text>
        <Badge color={CODE_COLOURS[code.state]} variant="light" tt="none">
          {t(`codeStates.${code.state}`)}
        </Badge>
        <Text size="sm" c="dimmed">
          {t("ofPool")}{" "}
          <Anchor component={Link} to={`/pools/${encodeURIComponent(code.pool)}`} size="sm" underline="always">
            {code.pool}
          </Anchor>
        </Text>
      </Group>
      {code.expiresAt && (
        <Group gap={4}>
          <Text size="sm">{t("validUntil")}</Text>
          <When at={code.expiresAt} />
        </Group>
      )}
      <Button variant="subtle" size="compact-xs" px={0} aria-expanded={isOpen} onClick={toggle}>
        {t("why.question")}
      </Button>
      <Collapse expanded={isOpen}>
        <WhyCode code={code} />
      </Collapse>
    </Stack>
  );
}

const DELIVERY_COLOURS: Record<string, string> = { sent: "teal", failed: "red", cancelled: "gray" };

/** A message to the person: what came of it, and sending it once more. */
export function MessageLine({ message }: { message: Schema<"SentMessage"> }) {
  const { t } = useTranslation("contacts");
  const mayEdit = useMayEdit();
  const { state } = message;
  const known = ["waiting", "leased", "sent", "failed", "cancelled"] as const;
  const word = known.find((one) => one === state);
  return (
    <Stack gap={4} align="flex-start">
      <Group gap="xs">
        {message.message ? (
          <Anchor component={Link} to={`/messages/${encodeURIComponent(message.message)}`} fw={600}>
            {message.name ?? message.message}
          </Anchor>
        ) : (
          <Text fw={600}>{t("messageGone")}</Text>
        )}
        <Badge color={DELIVERY_COLOURS[state] ?? "blue"} variant="light" tt="none">
          {word ? t(`deliveryStates.${word}`) : state}
        </Badge>
        {message.isResent && <Badge variant="default">{t("resend.mark")}</Badge>}
      </Group>
      <Text size="sm" c="dimmed">
        {t("to", { recipient: message.recipient || t("erased") })}
      </Text>
      {message.error && (
        <Text size="sm" c="var(--mantine-color-error)">
          {message.error}
        </Text>
      )}
      {mayEdit && message.canResend && <ResendMessage message={message} />}
    </Stack>
  );
}

const RUN_COLOURS: Record<string, string> = { done: "teal", failed: "red", held: "yellow", stopped: "gray" };

/** A run about the person, with the event that began it. */
export function RunLine({ run }: { run: Schema<"RunOfContact"> }) {
  const { t } = useTranslation("contacts");
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Anchor component={Link} to={`/runs/${run.id}`} fw={600}>
          {run.workflow ?? t("preparedMessage")}
        </Anchor>
        <Badge color={RUN_COLOURS[run.state] ?? "blue"} variant="light" tt="none">
          {t(`runStates.${run.state}`)}
        </Badge>
      </Group>
      {run.eventId && (
        <Text size="sm" c="dimmed">
          {t("begunBy")}{" "}
          <Anchor component={Link} to={`/events/${run.eventId}`} size="sm" underline="always">
            {run.eventType}
          </Anchor>
        </Text>
      )}
      {typeof run.error?.detail === "string" && (
        <Text size="sm" c="var(--mantine-color-error)">
          {run.error.detail}
        </Text>
      )}
    </Stack>
  );
}

/** A use of a code by the person. */
export function RedemptionLine({ redemption }: { redemption: Schema<"RedemptionOfContact"> }) {
  const { t } = useTranslation("contacts");
  return (
    <Group gap="xs">
      <Text size="sm">{t("used")}</Text>
      <Text className="tearoff-code" fw={600}>
        {redemption.code}
      </Text>
      {redemption.orderId && <Text size="sm">{t("order", { order: redemption.orderId })}</Text>}
      {redemption.rolledBackAt && <Badge color="gray">{t("rolledBack")}</Badge>}
    </Group>
  );
}
