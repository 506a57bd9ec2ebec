import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { showProblems } from "@/ui/forms";
import { slug } from "@/ui/slug";
import type { Message } from "./drafts";
import { COMMON, languageName } from "./languageNames";
import { starterOf } from "./starters";

const MEDIA: Message["medium"][] = ["email", "sms", "mobilepush", "webpush"];

/** Makes a message with a first text to change, and opens it. */
export function NewMessage({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation("messages");
  const navigate = useNavigate();
  const create = api.useMutation("post", "/v1/messages", {
    onSuccess: ({ key }) => navigate(`/messages/${encodeURIComponent(key)}`),
    onError: (error) => showProblems(form, error),
  });
  const form = useForm({
    initialValues: { name: "", key: "", medium: "email" as Message["medium"], language: i18n.language },
  });
  const submit = form.onSubmit(({ name, key, medium, language }) => {
    const texts = starterOf(medium, {
      subject: t("starter.subject"),
      greeting: t("starter.greeting"),
      sentence: t("starter.sentence"),
    });
    const body = { key, name, medium, defaultLanguage: language, languages: { [language]: texts } };
    create.mutate({ body: { escapeHtml: medium === "email", ...body } });
  });
  const nameIt = (name: string) => {
    if (form.values.key === slug(form.values.name)) form.setFieldValue("key", slug(name));
    form.setFieldValue("name", name);
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("new")} closeButtonProps={{ "aria-label": t("close") }}>
      <form onSubmit={submit}>
        <Stack>
          {create.error && Object.keys(form.errors).length === 0 && <Failure error={create.error} />}
          <TextInput
            label={t("name")}
            required
            data-autofocus
            {...form.getInputProps("name")}
            onChange={(event) => nameIt(event.currentTarget.value)}
          />
          <TextInput label={t("key")} description={t("keyHint")} required {...form.getInputProps("key")} />
          <Select
            label={t("medium")}
            allowDeselect={false}
            data={MEDIA.map((value) => ({ value, label: t(`media.${value}`) }))}
            {...form.getInputProps("medium")}
          />
          <Select
            label={t("firstLanguage")}
            allowDeselect={false}
            searchable
            data={COMMON.map((value) => ({ value, label: languageName(value) }))}
            {...form.getInputProps("language")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t("create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
