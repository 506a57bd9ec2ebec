import { Checkbox, Group, Paper, Select, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { MomentInput } from "@/ui/MomentInput";
import { SpanFields } from "./SpanFields";
import type { Usage } from "./usage";

type Form = UseFormReturnType<Usage>;

/** From when and until when a code is good once it was issued. */
export function ValidityFields({ form }: { form: Form }) {
  const { t } = useTranslation("pools");
  const { starts, ends } = form.values;
  return (
    <Paper withBorder p="md" component="fieldset">
      <Text component="legend" size="sm" fw={500} px={4}>
        {t("validity")}
      </Text>
      <Stack gap="sm">
        <Text size="xs" c="dimmed">
          {t("validityHint")}
        </Text>
        <Group align="flex-end">
          <Select
            w={180}
            label={t("starts")}
            allowDeselect={false}
            data={[
              { value: "now", label: t("startsNow") },
              { value: "after", label: t("startsAfter") },
            ]}
            {...form.getInputProps("starts")}
          />
          {starts === "after" && <SpanFields form={form} name="startsAfter" />}
        </Group>
        <Group align="flex-end">
          <Select
            w={180}
            label={t("ends")}
            allowDeselect={false}
            data={[
              { value: "never", label: t("never") },
              { value: "after", label: t("endsAfter") },
              { value: "at", label: t("endsAt") },
            ]}
            {...form.getInputProps("ends")}
          />
          {ends === "after" && <SpanFields form={form} name="endsAfter" />}
          {ends === "at" && <MomentInput w={220} label={t("fixedEnd")} required {...form.getInputProps("endsAt")} />}
        </Group>
        {ends === "after" && (
          <Checkbox label={t("endOfDay")} {...form.getInputProps("isEndOfDay", { type: "checkbox" })} />
        )}
      </Stack>
    </Paper>
  );
}
