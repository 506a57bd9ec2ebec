import { Badge, Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { type Column, Listing } from "@/ui/Listing";
import { When } from "@/ui/When";

type Invitation = Schema<"InvitationView">;

/** Who is invited and has not come yet. */
export function Invitations() {
  const { t } = useTranslation("settings");
  const query = api.useQuery("get", "/v1/invitations");
  const revoke = api.useMutation("delete", "/v1/invitations/{invitation_id}");
  const columns: Column<Invitation>[] = [
    { head: t("people.email"), cell: (row) => row.email },
    { head: t("people.role"), cell: (row) => <Badge variant="light">{t(`people.roles.${row.role}`)}</Badge> },
    { head: t("people.until"), cell: (row) => <When at={row.expiresAt} /> },
    {
      head: t("act"),
      cell: (row) => (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => revoke.mutate({ params: { path: { invitation_id: row.id } } })}
        >
          {t("people.revoke")}
        </Button>
      ),
    },
  ];
  return (
    <Listing
      caption={t("people.invitations")}
      columns={columns}
      query={query}
      rowKey={(row) => row.id}
      empty={<Text c="dimmed">{t("people.noInvitations")}</Text>}
    />
  );
}
