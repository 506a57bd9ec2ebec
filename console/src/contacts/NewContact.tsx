import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, type Schema } from "@/api/client";
import { Failure } from "@/ui/Failure";

/** Adds a person by hand, or changes the one who is known by these addresses already. */
export function NewContact({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const navigate = useNavigate();
  const form = useForm({ initialValues: { firstName: "", lastName: "", email: "", sms: "", externalId: "" } });
  const put = api.useMutation("post", "/v1/contacts", { onSuccess: ({ id }) => navigate(`/contacts/${id}`) });
  const submit = form.onSubmit(({ email, sms, ...names }) => {
    const locators: Schema<"LocatorBody">[] = [];
    if (email) locators.push({ kind: "email", value: email });
    if (sms) locators.push({ kind: "sms", value: sms });
    const given = Object.fromEntries(Object.entries(names).filter(([, value]) => value));
    put.mutate({ body: { ...given, locators } });
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("new")} closeButtonProps={{ "aria-label": t("close") }}>
      <form onSubmit={submit}>
        <Stack>
          {put.error && <Failure error={put.error} />}
          <TextInput label={t("firstName")} data-autofocus {...form.getInputProps("firstName")} />
          <TextInput label={t("lastName")} {...form.getInputProps("lastName")} />
          <TextInput label={t("kinds.email")} type="email" {...form.getInputProps("email")} />
          <TextInput label={t("kinds.sms")} type="tel" {...form.getInputProps("sms")} />
          <TextInput label={t("externalId")} {...form.getInputProps("externalId")} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={put.isPending}>
              {t("add")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
