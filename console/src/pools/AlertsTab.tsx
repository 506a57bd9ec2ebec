import { Checkbox, NumberInput, SimpleGrid, Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMayEdit } from "@/session/session";
import { thousands } from "@/ui/format";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import type { Pool } from "./pool";
import { Rungs } from "./Rungs";
import { SaveBar } from "./SaveBar";
import { usePoolForm } from "./usePoolForm";
import { WhoIsTold } from "./WhoIsTold";

const FIRST = 1000;

/** From which stock on somebody is told, and who that is. */
export function AlertsTab({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
      <Stack>
        <Title order={2} size="h4">
          {t("alertsTitle")}
        </Title>
        <Threshold pool={pool} />
        {pool.alertBelow !== null && <Rungs pool={pool} />}
      </Stack>
      <Stack>
        <Title order={2} size="h4">
          {t("whoTitle")}
        </Title>
        <WhoIsTold pool={pool} />
      </Stack>
    </SimpleGrid>
  );
}

function Threshold({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const mayEdit = useMayEdit();
  const values = { isOn: pool.alertBelow !== null, alertBelow: pool.alertBelow ?? FIRST };
  const { form, save, ...rest } = usePoolForm(pool, values, ({ isOn, alertBelow }) => ({
    alertBelow: isOn ? alertBelow : null,
  }));
  return (
    <form onSubmit={save}>
      <UnsavedChanges isThere={form.isDirty()} />
      <Stack>
        <Checkbox label={t("alertOn")} disabled={!mayEdit} {...form.getInputProps("isOn", { type: "checkbox" })} />
        <NumberInput
          maw={220}
          label={t("alertBelow")}
          description={t("alertHint")}
          min={1}
          thousandSeparator={thousands()}
          required={form.values.isOn}
          disabled={!mayEdit || !form.values.isOn}
          {...form.getInputProps("alertBelow")}
        />
        <SaveBar {...rest} />
      </Stack>
    </form>
  );
}
