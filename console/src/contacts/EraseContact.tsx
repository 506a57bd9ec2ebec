import { List, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { done } from "@/ui/notices";
import { type Contact, nameOf } from "./names";

/** Forgets a person, after saying in numbers what goes and what stays. */
export function EraseContact({ contact, isOpen, onClose }: { contact: Contact; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const navigate = useNavigate();
  const params = { path: { contact_id: contact.id } };
  const foreseen = api.useQuery("get", "/v1/contacts/{contact_id}/erase", { params }, { enabled: isOpen });
  const erase = api.useMutation("post", "/v1/contacts/{contact_id}/erase", {
    onSuccess: ({ messages }) => {
      done(t("erase.done", { count: messages }));
      navigate("/contacts");
    },
  });
  const { data } = foreseen;
  return (
    <ConfirmAct
      title={t("erase.title", { name: nameOf(contact) })}
      act={t("erase.button")}
      isOpen={isOpen}
      isPending={erase.isPending || !data}
      error={erase.error ?? foreseen.error}
      onConfirm={() => erase.mutate({ params })}
      onClose={onClose}
    >
      <Stack gap="xs">
        <Text size="sm">{t("erase.what")}</Text>
        {data && (
          <List size="sm">
            <List.Item>{t("erase.record", { count: contact.locators.length })}</List.Item>
            <List.Item>{t("erase.messages", { count: data.messages })}</List.Item>
            <List.Item>{t("erase.runs", { count: data.runs })}</List.Item>
            {data.openRuns > 0 && <List.Item>{t("erase.openRuns", { count: data.openRuns })}</List.Item>}
            <List.Item>{t("erase.codes", { count: data.codes })}</List.Item>
          </List>
        )}
        <Text size="sm">{t("erase.forGood")}</Text>
      </Stack>
    </ConfirmAct>
  );
}
