import { Divider, NumberInput, Select, SimpleGrid, Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMayEdit } from "@/session/session";
import { MomentInput } from "@/ui/MomentInput";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import { CodeKind } from "./CodeKind";
import { ContactFields } from "./ContactFields";
import type { Pool } from "./pool";
import { SaveBar } from "./SaveBar";
import { UseLimits } from "./UseLimits";
import { patchOf, usageOf } from "./usage";
import { usePoolForm } from "./usePoolForm";
import { ValidityFields } from "./ValidityFields";

/** How the codes of a pool are handed out and used; what excludes what is said where it arises. */
export function UsageTab({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const mayEdit = useMayEdit();
  const { form, save, ...rest } = usePoolForm(pool, usageOf(pool), patchOf);
  const isChecked = form.values.isIssueChecked && form.values.codeType !== "multi";
  return (
    <Stack maw={760} gap="xl">
      <form onSubmit={save}>
        <UnsavedChanges isThere={form.isDirty()} />
        <fieldset disabled={!mayEdit} style={{ border: 0, padding: 0, margin: 0 }}>
          <Stack gap="lg">
            <CodeKind pool={pool} form={form} />
            {isChecked && <ValidityFields form={form} />}
            <Select
              label={t("processing")}
              description={t(`${form.values.processing}Hint`)}
              allowDeselect={false}
              data={(["inside", "outside"] as const).map((value) => ({ value, label: t(value) }))}
              {...form.getInputProps("processing")}
            />
            <Divider label={t("issueWindow")} labelPosition="left" />
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <MomentInput label={t("issueFrom")} {...form.getInputProps("issueFrom")} />
              <MomentInput label={t("issueUntil")} {...form.getInputProps("issueUntil")} />
              <NumberInput label={t("daysLeftMin")} min={0} {...form.getInputProps("daysLeftMin")} />
              <Select
                label={t("lookup")}
                allowDeselect={false}
                data={(["exact", "loose"] as const).map((value) => ({ value, label: t(value) }))}
                {...form.getInputProps("lookup")}
              />
            </SimpleGrid>
            <ContactFields form={form} />
            <SaveBar {...rest} />
          </Stack>
        </fieldset>
      </form>
      <Stack>
        <Title order={2} size="h4">
          {t("uses")}
        </Title>
        <UseLimits pool={pool} />
      </Stack>
    </Stack>
  );
}
