import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { showProblems } from "@/ui/forms";
import { slug } from "@/ui/slug";

/** Makes an empty snippet and opens it. */
export function NewSnippet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("messages");
  const navigate = useNavigate();
  const form = useForm({ initialValues: { name: "" } });
  const create = api.useMutation("post", "/v1/snippets", {
    onSuccess: ({ key }) => navigate(`/snippets/${encodeURIComponent(key)}`),
    onError: (error) => showProblems(form, error),
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("snippets.new")} closeButtonProps={{ "aria-label": t("close") }}>
      <form onSubmit={form.onSubmit(({ name }) => create.mutate({ body: { key: slug(name), name, text: "" } }))}>
        <Stack>
          {create.error && Object.keys(form.errors).length === 0 && <Failure error={create.error} />}
          <TextInput
            label={t("name")}
            description={t("snippets.nameHint")}
            required
            data-autofocus
            {...form.getInputProps("name")}
            error={form.errors.name ?? form.errors.key}
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
