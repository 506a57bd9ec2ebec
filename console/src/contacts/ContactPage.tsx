import { Button, Grid, Group, Skeleton, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api } from "@/api/client";
import { useMayEdit, useSession } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { Page } from "@/ui/Page";
import { EditContact } from "./EditContact";
import { EraseContact } from "./EraseContact";
import { personOf } from "./names";
import { Profile } from "./Profile";
import { Timeline } from "./Timeline";

/** One person: what is known of them, and everything that happened to them. */
export function Component() {
  const { t } = useTranslation("contacts");
  const { contact = "" } = useParams();
  const contactId = Number(contact);
  const [isEditing, editing] = useDisclosure();
  const [isErasing, erasing] = useDisclosure();
  const mayEdit = useMayEdit();
  const { role } = useSession();
  const query = api.useQuery("get", "/v1/contacts/{contact_id}", { params: { path: { contact_id: contactId } } });
  const known = query.data;
  const above = [{ label: t("title"), to: "/contacts" }];
  if (!known) {
    return (
      <Page title={t("title")} above={above}>
        {query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton h={480} />}
      </Page>
    );
  }
  return (
    <Page
      title={personOf(known) ?? t("nameless", { id: known.id })}
      above={above}
      actions={
        <Group gap="xs">
          {mayEdit && (
            <Button variant="default" onClick={editing.open}>
              {t("edit")}
            </Button>
          )}
          {role === "owner" && (
            <Button variant="default" c="var(--mantine-color-error)" onClick={erasing.open}>
              {t("erase.button")}
            </Button>
          )}
        </Group>
      }
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack>
            <Profile contact={known} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Timeline contactId={known.id} />
        </Grid.Col>
      </Grid>
      <EditContact contact={known} isOpen={isEditing} onClose={editing.close} />
      <EraseContact contact={known} isOpen={isErasing} onClose={erasing.close} />
    </Page>
  );
}
