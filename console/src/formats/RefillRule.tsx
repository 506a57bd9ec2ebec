import { Alert, Button, Group, NumberInput, Paper, Select, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import type { Pool } from "@/pools/pool";
import { Failure } from "@/ui/Failure";
import { thousands } from "@/ui/format";
import { done } from "@/ui/notices";

type Props = { pool: Pool; formats: Schema<"FormatView">[]; rule: Schema<"RefillView"> | null };

/** The rule by which a pool makes codes by itself before it is empty. */
export function RefillRule({ pool, formats, rule }: Props) {
  const { t } = useTranslation("formats");
  return (
    <Paper withBorder p="md" maw={760} component="section" aria-label={t("refill")}>
      <Stack>
        <div>
          <Title order={3} size="h5">
            {t("refill")}
          </Title>
          <Text size="sm" c="dimmed">
            {t(formats.length === 0 ? "noFormat" : "refillHint")}
          </Text>
        </div>
        {rule?.problem && <Alert color="red">{t("refillProblem", { problem: rule.problem })}</Alert>}
        {formats.length > 0 && <Rule key={rule?.format ?? 0} pool={pool} formats={formats} rule={rule} />}
      </Stack>
    </Paper>
  );
}

function Rule({ pool, formats, rule }: Props) {
  const { t } = useTranslation("formats");
  const path = { params: { path: { pool: pool.key } } };
  const save = api.useMutation("put", "/v1/pools/{pool}/refill", { onSuccess: () => done(t("refillSaved")) });
  const stop = api.useMutation("delete", "/v1/pools/{pool}/refill", { onSuccess: () => done(t("refillStopped")) });
  const form = useForm({
    initialValues: {
      format: String(rule?.format ?? formats.at(-1)?.id ?? ""),
      below: rule?.below ?? 100,
      quantity: rule?.quantity ?? 1000,
      discount: rule?.discount ?? ("" as number | ""),
      validDays: rule?.validDays ?? ("" as number | ""),
      daysLeft: rule?.daysLeft ?? ("" as number | ""),
    },
  });
  const submit = form.onSubmit(({ format, below, quantity, discount, validDays, daysLeft }) =>
    save.mutate({
      ...path,
      body: {
        format: Number(format),
        below,
        quantity,
        discount: discount === "" ? null : discount,
        validDays: validDays === "" ? null : validDays,
        daysLeft: daysLeft === "" ? null : daysLeft,
      },
    }),
  );
  return (
    <form onSubmit={submit}>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <NumberInput
            label={t("below")}
            min={1}
            thousandSeparator={thousands()}
            required
            {...form.getInputProps("below")}
          />
          <NumberInput
            label={t("refillQuantity")}
            min={1}
            thousandSeparator={thousands()}
            required
            {...form.getInputProps("quantity")}
          />
          <Select
            label={t("format")}
            allowDeselect={false}
            data={formats.map(({ id, format }) => ({ value: String(id), label: format.name || format.key }))}
            {...form.getInputProps("format")}
          />
          <NumberInput
            label={t("daysLeft")}
            description={t("daysLeftHint")}
            min={1}
            max={365}
            {...form.getInputProps("daysLeft")}
          />
          <NumberInput label={t("validDays")} description={t("forever")} min={1} {...form.getInputProps("validDays")} />
          <NumberInput
            label={t("discount")}
            description="&nbsp;"
            min={0}
            max={99}
            {...form.getInputProps("discount")}
          />
        </SimpleGrid>
        {(save.error || stop.error) && <Failure error={save.error ?? stop.error} />}
        <Group>
          <Button type="submit" variant="light" loading={save.isPending}>
            {t("saveRefill")}
          </Button>
          {rule && (
            <Button variant="subtle" color="red" loading={stop.isPending} onClick={() => stop.mutate(path)}>
              {t("stopRefill")}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
