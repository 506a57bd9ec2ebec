import { Alert, Button, Group, NumberInput, Paper, SimpleGrid, Stack, Table, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import { When } from "@/ui/When";

type Checked = Schema<"CheckView">;
type Form = { code: string; contact: string; orderId: string; amount: number | "" };

const contactOf = (email: string) => (email.trim() ? { email: email.trim() } : null);

/** Look a code up, and use it for an order. */
export function Till() {
  const { t } = useTranslation("redemptions");
  const mayEdit = useMayEdit();
  const form = useForm<Form>({ initialValues: { code: "", contact: "", orderId: "", amount: "" } });
  const check = api.useMutation("post", "/v1/redemptions/check");
  const redeem = api.useMutation("post", "/v1/redemptions");
  const lookUp = form.onSubmit(({ code, contact }) => {
    redeem.reset();
    check.mutate({ body: { code: code.trim(), contact: contactOf(contact) } });
  });
  const use = () => {
    const { code, contact, orderId, amount } = form.values;
    const body = {
      code: code.trim(),
      contact: contactOf(contact),
      orderId: orderId.trim(),
      amount: amount === "" ? null : String(amount),
    };
    redeem.mutate({ body: body as Schema<"RedemptionBody"> });
  };
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
      <form onSubmit={lookUp}>
        <Stack>
          <TextInput
            label={t("code")}
            required
            classNames={{ input: "tearoff-code" }}
            autoComplete="off"
            {...form.getInputProps("code")}
          />
          <TextInput label={t("contact")} description={t("contactHint")} {...form.getInputProps("contact")} />
          <Button type="submit" w="fit-content" variant="light" loading={check.isPending}>
            {t("lookUp")}
          </Button>
          {mayEdit && (
            <Paper withBorder p="md">
              <Stack>
                <Group grow align="flex-end">
                  <TextInput label={t("orderId")} description={t("orderHint")} {...form.getInputProps("orderId")} />
                  <NumberInput label={t("amount")} min={0} decimalScale={2} {...form.getInputProps("amount")} />
                </Group>
                <Button
                  w="fit-content"
                  disabled={!form.values.code.trim() || !form.values.orderId.trim()}
                  loading={redeem.isPending}
                  onClick={use}
                >
                  {t("redeem")}
                </Button>
              </Stack>
            </Paper>
          )}
        </Stack>
      </form>
      <Stack aria-live="polite">
        {redeem.data && (
          <Alert color="teal" icon={<IconCircleCheck aria-hidden />} title={t("redeemed")} role="status">
            {t("redeemedText", { order: redeem.data.orderId })}
          </Alert>
        )}
        {redeem.error && <Failure error={redeem.error} />}
        {check.error && <Failure error={check.error} />}
        {check.data && !redeem.data && <Verdict checked={check.data} />}
      </Stack>
    </SimpleGrid>
  );
}

function Verdict({ checked }: { checked: Checked }) {
  const { t } = useTranslation("redemptions");
  const Icon = checked.canBeUsed ? IconCircleCheck : IconCircleX;
  return (
    <Alert
      color={checked.canBeUsed ? "teal" : "red"}
      icon={<Icon aria-hidden />}
      title={t(checked.canBeUsed ? "canBeUsed" : "cannotBeUsed")}
      role="status"
    >
      {!checked.canBeUsed && (
        <Text size="sm">
          {[t(`status.${checked.status}`), checked.reason ? t(`reason.${checked.reason}`) : ""]
            .filter(Boolean)
            .join(": ")}
        </Text>
      )}
      {checked.pool && <Facts checked={checked} />}
    </Alert>
  );
}

function Facts({ checked }: { checked: Checked }) {
  const { t } = useTranslation("redemptions");
  const lines = [
    { name: t("pool"), value: checked.pool },
    { name: t("discount"), value: checked.discount == null ? "–" : `${number(checked.discount)} %` },
    { name: t("usableFrom"), value: <When at={checked.usableFrom} /> },
    { name: t("usableUntil"), value: <When at={checked.usableUntil} /> },
    { name: t("usesLeft"), value: checked.usesLeft == null ? t("unlimited") : number(checked.usesLeft) },
  ];
  return (
    <Table verticalSpacing={2} withRowBorders={false} mt="xs" aria-label={t("code")}>
      <Table.Tbody>
        {lines.map(({ name, value }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400} w={140}>
              {name}
            </Table.Th>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
