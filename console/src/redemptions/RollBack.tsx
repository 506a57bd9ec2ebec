import { Button, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { client, type Schema } from "@/api/client";
import { queries } from "@/api/queries";
import { useMayEdit } from "@/session/session";
import { FormModal } from "@/ui/FormModal";
import { done } from "@/ui/notices";

/** Takes one use back, with the reason. */
export function RollBack({ use }: { use: Schema<"RedemptionView"> }) {
  const { t } = useTranslation("redemptions");
  const mayEdit = useMayEdit();
  const [isOpen, { open, close }] = useDisclosure();
  const form = useForm({ initialValues: { reason: "" } });
  if (!mayEdit) return <Text size="sm">{t("inForce")}</Text>;
  const submit = async ({ reason }: { reason: string }) => {
    const path = { params: { path: { redemption_id: use.id } } };
    await client.POST("/v1/redemptions/{redemption_id}/rollback", { ...path, body: { reason } });
    void queries.invalidateQueries();
    done(t("rolledBack"));
  };
  const order = use.orderId ?? "–";
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={open}>
        {t("rollBack")}
      </Button>
      <FormModal
        title={t("rollBackTitle")}
        act={t("rollBack")}
        isOpen={isOpen}
        onClose={close}
        form={form}
        onSubmit={submit}
      >
        <Text size="sm">{t("rollBackText", { order, pool: use.pool })}</Text>
        <TextInput
          label={t("rollBackReason")}
          required
          data-autofocus
          maxLength={500}
          {...form.getInputProps("reason")}
        />
      </FormModal>
    </>
  );
}
