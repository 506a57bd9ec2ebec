import { Anchor, List, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { When } from "@/ui/When";

/** Why the person has this code: who asked for it, for which event, by which block, with which conditions. */
export function WhyCode({ code }: { code: Schema<"ReceivedCode"> }) {
  const { t } = useTranslation("contacts");
  const { why } = code;
  return (
    <List size="sm" spacing={2}>
      <List.Item>{t(`why.door.${why.door}`, { key: why.key })}</List.Item>
      {why.eventId && (
        <List.Item>
          {t("why.event")}{" "}
          <Anchor component={Link} to={`/events/${why.eventId}`} size="sm" underline="always">
            {why.eventType ?? why.eventId}
          </Anchor>
        </List.Item>
      )}
      {why.workflow && (
        <List.Item>
          {t("why.workflow")}{" "}
          <Anchor component={Link} to={`/workflows/${encodeURIComponent(why.workflow)}`} size="sm" underline="always">
            {why.workflow}
          </Anchor>
          {why.block ? ` ${t("why.block", { block: why.block, version: why.version })}` : ""}
          {why.runId && (
            <>
              {" · "}
              <Anchor component={Link} to={`/runs/${why.runId}`} size="sm" underline="always">
                {t("why.run")}
              </Anchor>
            </>
          )}
        </List.Item>
      )}
      {why.tag && <List.Item>{t("why.tag", { tag: why.tag })}</List.Item>}
      {why.discount !== null && <List.Item>{t("why.discount", { discount: why.discount })}</List.Item>}
      {why.days !== null && <List.Item>{t("why.days", { count: why.days })}</List.Item>}
      <List.Item>
        {t("why.reserved")} <When at={code.reservedAt} />
      </List.Item>
      {code.issuedAt && (
        <List.Item>
          {t("why.issued")} <When at={code.issuedAt} />
        </List.Item>
      )}
      {code.reason && (
        <List.Item>
          <Text span size="sm">
            {t("why.reason", { reason: code.reason })}
          </Text>
        </List.Item>
      )}
    </List>
  );
}
