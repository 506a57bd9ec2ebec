import { NativeSelect, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { LEAVING, type Leave } from "./leave";
import { useSession } from "./session";

/** The project whose things the pages show; a person of several can change it. */
export function ProjectMenu() {
  const { t } = useTranslation("session");
  const { project, projects } = useSession();
  const navigate = useNavigate();
  const open = (id: number) => navigate(LEAVING, { state: { act: "open", project: id } satisfies Leave });
  if (projects.length < 2)
    return (
      <Text c="dimmed" truncate>
        {project.name}
      </Text>
    );
  return (
    <NativeSelect
      aria-label={t("project")}
      size="xs"
      maw={280}
      value={String(project.id)}
      data={projects.map(({ id, name }) => ({ value: String(id), label: name }))}
      onChange={(event) => void open(Number(event.currentTarget.value))}
    />
  );
}
