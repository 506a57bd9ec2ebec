import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { showProblems } from "@/ui/forms";
import { slug } from "@/ui/slug";

const AS_USUAL = {
  method: "GET",
  format: "json",
  timeoutSeconds: 10,
  sizeMax: 1_048_576,
  retries: 2,
  onFailure: "fail",
} as const;

/** Makes a source with its address, and opens it for the rest. */
export function NewSource({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("sources");
  const navigate = useNavigate();
  const form = useForm({ initialValues: { name: "", url: "https://" } });
  const create = api.useMutation("post", "/v1/sources", {
    onSuccess: ({ key }) => navigate(`/sources/${encodeURIComponent(key)}`),
    onError: (error) => showProblems(form, error),
  });
  const submit = form.onSubmit(({ name, url }) => create.mutate({ body: { key: slug(name), name, url, ...AS_USUAL } }));
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("new")} closeButtonProps={{ "aria-label": t("close") }}>
      <form onSubmit={submit}>
        <Stack>
          {create.error && Object.keys(form.errors).length === 0 && <Failure error={create.error} />}
          <TextInput
            label={t("name")}
            description={t("nameHint")}
            required
            data-autofocus
            {...form.getInputProps("name")}
            error={form.errors.name ?? form.errors.key}
          />
          <TextInput label={t("url")} required {...form.getInputProps("url")} />
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
