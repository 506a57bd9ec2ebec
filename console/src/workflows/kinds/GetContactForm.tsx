import { Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ParameterField } from "../fields/ParameterField";
import { useEditing } from "./editing";

/** Whom to find, and whether to make a contact that is not there. */
export function GetContactForm() {
  const { t } = useTranslation("workflows");
  const { block, set } = useEditing();
  return (
    <>
      <Text size="sm" c="dimmed">
        {t("hints.getContact")}
      </Text>
      <ParameterField parameter="email" />
      <ParameterField parameter="phone" />
      <ParameterField parameter="externalCustomerId" />
      <ParameterField parameter="contactId" />
      <ParameterField parameter="token" />
      <Switch
        label={t("parameters.create")}
        checked={block.create === true}
        onChange={({ currentTarget }) => set("create", currentTarget.checked || undefined)}
      />
    </>
  );
}
