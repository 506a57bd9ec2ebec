import { Fieldset, Stack, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMayEdit } from "@/session/session";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import { keepPool, type Pool, pathOf } from "./pool";
import { SaveBar } from "./SaveBar";
import { usePoolForm } from "./usePoolForm";

/** What a pool is called, what for, and how others name it. */
export function GeneralTab({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const mayEdit = useMayEdit();
  const navigate = useNavigate();
  const { name, description, key, type, parameter } = pool;
  const { form, save, ...rest } = usePoolForm(
    pool,
    { name, description, key, type, parameter },
    (values) => values,
    // the address of the page is made of the ID
    (saved) => {
      if (saved.key === key) return;
      keepPool(saved);
      navigate(pathOf(saved.key, "settings"), { replace: true });
    },
  );
  return (
    <form onSubmit={save}>
      <UnsavedChanges isThere={form.isDirty()} />
      <Fieldset variant="unstyled" disabled={!mayEdit}>
        <Stack maw={640}>
          <TextInput label={t("name")} required {...form.getInputProps("name")} />
          <Textarea
            label={t("description")}
            description={t("descriptionHint")}
            withAsterisk
            autosize
            minRows={3}
            {...form.getInputProps("description")}
          />
          <TextInput label={t("key")} description={t("keyHint")} required {...form.getInputProps("key")} />
          <TextInput
            label={t("parameter")}
            description={t("parameterHint")}
            required
            {...form.getInputProps("parameter")}
          />
          <TextInput label={t("type")} description={t("typeHint")} {...form.getInputProps("type")} />
          <SaveBar {...rest} />
        </Stack>
      </Fieldset>
    </form>
  );
}
