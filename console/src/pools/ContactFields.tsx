import { Divider, Group, NumberInput, Select, SimpleGrid, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { SpanFields } from "./SpanFields";
import type { Usage } from "./usage";

const REISSUES = ["always", "run", "workflow", "pool"] as const;
const PERIODS = ["ever", "last", "present"] as const;

/** What a contact gets who has a code already, and how many codes they get in all or in a period. */
export function ContactFields({ form }: { form: UseFormReturnType<Usage> }) {
  const { t } = useTranslation("pools");
  const { reissue, capMax, capPeriod } = form.values;
  return (
    <Stack>
      <Divider label={t("perContact")} labelPosition="left" />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t("reissue")}
          allowDeselect={false}
          data={REISSUES.map((value) => ({ value, label: t(`reissueOption.${value}`) }))}
          {...form.getInputProps("reissue")}
        />
        {reissue !== "always" && (
          <NumberInput label={t("reissueDays")} min={0} allowDecimal={false} {...form.getInputProps("reissueDays")} />
        )}
      </SimpleGrid>
      <Group align="flex-end">
        <NumberInput
          w={300}
          label={t("capMax")}
          description={t("capHint")}
          min={1}
          allowDecimal={false}
          {...form.getInputProps("capMax")}
        />
        {capMax !== "" && (
          <Select
            w={180}
            label={t("capPeriod")}
            allowDeselect={false}
            data={PERIODS.map((value) => ({ value, label: t(`capPeriods.${value}`) }))}
            {...form.getInputProps("capPeriod")}
          />
        )}
        {capMax !== "" && capPeriod !== "ever" && <SpanFields form={form} name="capSpan" />}
      </Group>
    </Stack>
  );
}
