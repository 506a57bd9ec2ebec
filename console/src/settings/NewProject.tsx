import { Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { client } from "@/api/client";
import { queries } from "@/api/queries";
import { useSession } from "@/session/session";
import { FormModal } from "@/ui/FormModal";
import { done } from "@/ui/notices";

/** Makes another project, in the time zone of the present one; an administrator owns it at once. */
export function NewProject() {
  const { t } = useTranslation("settings");
  const { timeZone } = useSession().project;
  const [isOpen, { open, close }] = useDisclosure();
  const form = useForm({ initialValues: { name: "" } });
  const make = async ({ name }: { name: string }) => {
    await client.POST("/v1/projects", { body: { name, timeZone } });
    await queries.invalidateQueries();
    done(t("project.made"));
  };
  return (
    <>
      <Button variant="default" onClick={open}>
        {t("project.make")}
      </Button>
      <FormModal title={t("project.make")} act={t("save")} form={form} isOpen={isOpen} onClose={close} onSubmit={make}>
        <TextInput label={t("project.name")} required data-autofocus {...form.getInputProps("name")} />
      </FormModal>
    </>
  );
}
