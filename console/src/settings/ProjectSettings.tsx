import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useIsOwner, useSession } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { showProblems } from "@/ui/forms";
import { done } from "@/ui/notices";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import { NewProject } from "./NewProject";
import { SettingsPage } from "./SettingsPage";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone")];

/** The project's name, zone and default sender. */
export function Component() {
  const { data, error } = api.useQuery("get", "/v1/project");
  const { isAdministrator } = useSession().person;
  return (
    <SettingsPage tab="project" actions={isAdministrator && <NewProject />}>
      {error ? <Failure error={error} /> : null}
      {data && <ProjectForm project={data} />}
    </SettingsPage>
  );
}

function ProjectForm({ project }: { project: Schema<"ProjectView"> }) {
  const { t } = useTranslation("settings");
  const isOwner = useIsOwner();
  const { name, timeZone, sender } = project;
  const form = useForm({ initialValues: { name, timeZone, sender } });
  const change = api.useMutation("patch", "/v1/project", {
    onSuccess: () => {
      form.resetDirty();
      done(t("saved"));
    },
    onError: (error) => showProblems(form, error),
  });
  return (
    <form onSubmit={form.onSubmit((body) => change.mutate({ body }))}>
      <UnsavedChanges isThere={form.isDirty()} />
      <Stack maw={480}>
        {change.error ? <Failure error={change.error} /> : null}
        <TextInput label={t("project.name")} required disabled={!isOwner} {...form.getInputProps("name")} />
        <Select
          label={t("project.timeZone")}
          description={t("project.timeZoneHint")}
          searchable
          allowDeselect={false}
          disabled={!isOwner}
          data={[...new Set([timeZone, ...ZONES])]}
          {...form.getInputProps("timeZone")}
        />
        <TextInput
          label={t("project.sender")}
          description={t("project.senderHint")}
          disabled={!isOwner}
          {...form.getInputProps("sender")}
        />
        {isOwner && (
          <Group>
            <Button type="submit" loading={change.isPending}>
              {t("save")}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
