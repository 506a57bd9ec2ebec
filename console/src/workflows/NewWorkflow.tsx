import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { client } from "@/api/client";
import { queries } from "@/api/queries";
import { FormModal } from "@/ui/FormModal";
import { slug } from "@/ui/slug";
import type { Blocks } from "./blocks";

const NOTHING: Blocks = {};

type Props = { isOpen: boolean; onClose: () => void; title?: string; name?: string; blocks?: Blocks };

/** Drafts a workflow, empty or with the blocks of another, and opens it. */
export function NewWorkflow({ isOpen, onClose, title, name = "", blocks = NOTHING }: Props) {
  const { t } = useTranslation("workflows");
  const navigate = useNavigate();
  const form = useForm({ initialValues: { name, key: slug(name) } });
  const create = async (values: { name: string; key: string }) => {
    const { data } = await client.POST("/v1/workflows", { body: { ...values, blocks } });
    await queries.invalidateQueries();
    if (data) navigate(`/workflows/${encodeURIComponent(data.key)}`);
  };
  const nameIt = (next: string) => {
    if (form.values.key === slug(form.values.name)) form.setFieldValue("key", slug(next));
    form.setFieldValue("name", next);
  };
  return (
    <FormModal
      title={title ?? t("new")}
      act={t("create")}
      isOpen={isOpen}
      onClose={onClose}
      form={form}
      onSubmit={create}
    >
      <TextInput
        label={t("name")}
        required
        data-autofocus
        {...form.getInputProps("name")}
        onChange={({ currentTarget }) => nameIt(currentTarget.value)}
      />
      <TextInput label={t("key")} description={t("keyHint")} required {...form.getInputProps("key")} />
    </FormModal>
  );
}
