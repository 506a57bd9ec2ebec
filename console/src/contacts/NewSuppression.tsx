import { Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { client } from "@/api/client";
import { queries } from "@/api/queries";
import { FormModal } from "@/ui/FormModal";
import { KINDS, type Kind } from "./names";

const FIRST = { kind: "email" as Kind, value: "", reason: "" };

/** Adds an address that is to be left alone, with the reason. */
export function NewSuppression({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const form = useForm({ initialValues: FIRST });
  const add = async (body: typeof FIRST) => {
    await client.POST("/v1/suppressions", { body });
    await queries.invalidateQueries();
  };
  return (
    <FormModal
      title={t("suppressions.add")}
      act={t("add")}
      form={form}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={add}
    >
      <Select
        label={t("suppressions.kind")}
        allowDeselect={false}
        data={KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        {...form.getInputProps("kind")}
      />
      <TextInput label={t("suppressions.value")} required data-autofocus {...form.getInputProps("value")} />
      <TextInput
        label={t("suppressions.reason")}
        description={t("suppressions.reasonHint")}
        required
        maxLength={500}
        {...form.getInputProps("reason")}
      />
    </FormModal>
  );
}
