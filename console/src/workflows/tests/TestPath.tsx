import { Mark, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { When } from "@/ui/When";
import { Facts } from "../runs/Facts";
import { StepCard } from "../runs/StepCard";
import { RenderedMessage } from "./RenderedMessage";

type Step = Schema<"TestStep">;

/** The path of a test, block by block: what went in, what came out, by which exit. */
export function TestPath({ steps, error }: { steps: Step[]; error: Record<string, unknown> | null }) {
  const { t } = useTranslation("workflows");
  const samples = steps.flatMap(({ code }) => (code ? [code.value] : []));
  return (
    <Stack gap="xs" component="ol" p={0} m={0} aria-label={t("test.path")} style={{ listStyle: "none" }}>
      {steps.map((step) => (
        <StepCard key={step.position} step={step}>
          <Shown step={step} samples={samples} />
        </StepCard>
      ))}
      {typeof error?.detail === "string" && !steps.some((step) => step.error === error.detail) && (
        <Text size="sm" c="red">
          {error.detail}
        </Text>
      )}
    </Stack>
  );
}

function Shown({ step: { code, contact, message, source }, samples }: { step: Step; samples: string[] }) {
  const { t } = useTranslation("workflows");
  return (
    <>
      {contact && (
        <Text size="xs">
          {contact.wouldBeCreated ? t("test.contactMade") : t("test.contactFound", { id: contact.id })}
        </Text>
      )}
      {code && (
        <Stack gap={2}>
          <Text size="xs">
            {t("test.sample")} <Mark className="tearoff-code">{code.value}</Mark>
          </Text>
          {code.expiresAt && (
            <Text size="xs" component="div">
              {t("test.expires")} <When at={code.expiresAt} />
            </Text>
          )}
          {code.isGivenAgain && <Text size="xs">{t("test.givenAgain")}</Text>}
          {code.savedTo && <Text size="xs">{t("test.savedTo", { field: code.savedTo })}</Text>}
        </Stack>
      )}
      {source && <Facts facts={{ [source.name]: source.isCalled ? source.value : t("test.notCalled") }} />}
      {message && <RenderedMessage message={message} samples={samples} />}
    </>
  );
}
