import { Anchor, Button, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client } from "@/api/client";
import { SESSION } from "@/api/queries";
import { LANGUAGES, useLanguage } from "@/i18n";
import { Failure } from "@/ui/Failure";
import { showProblems } from "@/ui/forms";
import { done } from "@/ui/notices";
import { Page } from "@/ui/Page";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import { useSession } from "./session";

/** A person's own name and language, and the way to another password. */
export function Component() {
  const { t } = useTranslation("session");
  const { person } = useSession();
  const [language, setLanguage] = useLanguage();
  const queries = useQueryClient();
  const form = useForm({ initialValues: { name: person.name, language: language as "en" | "uk" } });
  const save = useMutation({
    mutationFn: (body: typeof form.values) => client.PATCH("/v1/session", { body }),
    onSuccess: async (_, values) => {
      await setLanguage(values.language);
      await queries.invalidateQueries({ queryKey: SESSION });
      form.resetDirty(values);
      done(t("saved"));
    },
    onError: (error) => showProblems(form, error),
  });
  return (
    <Page title={t("account")}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <UnsavedChanges isThere={form.isDirty()} />
        <Stack maw={420}>
          {save.error && <Failure error={save.error} />}
          <TextInput label={t("email")} value={person.email} readOnly description={t("emailStays")} />
          <TextInput label={t("name")} autoComplete="name" maxLength={200} {...form.getInputProps("name")} />
          <Select
            label={t("language")}
            allowDeselect={false}
            data={LANGUAGES.map(({ code, name }) => ({ value: code, label: name }))}
            {...form.getInputProps("language")}
          />
          <Button type="submit" w="fit-content" loading={save.isPending} disabled={!form.isDirty()}>
            {t("save")}
          </Button>
          <Anchor component={Link} to="/password" size="sm">
            {t("changePassword")}
          </Anchor>
        </Stack>
      </form>
    </Page>
  );
}
