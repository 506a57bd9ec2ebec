import { Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { client, type Schema } from "@/api/client";
import { queries } from "@/api/queries";
import { FormModal } from "@/ui/FormModal";
import { slug } from "@/ui/slug";
import { parameterOf } from "./parameter";
import { pathOf } from "./pool";

/** Makes a pool as a draft and opens it. */
export function NewPool({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("pools");
  const navigate = useNavigate();
  const form = useForm({ initialValues: { name: "", description: "", key: "", parameter: "" } });
  const nameIt = (name: string) => {
    const before = form.values;
    if (before.key === slug(before.name)) form.setFieldValue("key", slug(name));
    if (before.parameter === parameterOf(before.name)) form.setFieldValue("parameter", parameterOf(name));
    form.setFieldValue("name", name);
  };
  const create = async (values: typeof form.values) => {
    const body = { ...values, parameter: values.parameter || undefined, state: "draft" } as Schema<"NewPool">;
    const { data } = await client.POST("/v1/pools", { body });
    void queries.invalidateQueries();
    if (data) navigate(pathOf(data.key));
  };
  return (
    <FormModal title={t("new")} act={t("create")} isOpen={isOpen} onClose={onClose} form={form} onSubmit={create}>
      <Text size="sm" c="dimmed">
        {t("createHint")}
      </Text>
      <TextInput
        label={t("name")}
        placeholder={t("nameExample")}
        required
        data-autofocus
        {...form.getInputProps("name")}
        onChange={(event) => nameIt(event.currentTarget.value)}
      />
      <Textarea
        label={t("description")}
        description={t("descriptionHint")}
        withAsterisk
        autosize
        minRows={2}
        {...form.getInputProps("description")}
      />
      <TextInput label={t("key")} description={t("keyHint")} required {...form.getInputProps("key")} />
      <TextInput label={t("parameter")} description={t("parameterHint")} {...form.getInputProps("parameter")} />
    </FormModal>
  );
}
