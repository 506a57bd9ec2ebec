import { NativeSelect, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { client } from "@/api/client";
import { stayIn, useSession } from "./session";

/** The project whose things the pages show; a person of several can change it. */
export function ProjectMenu() {
  const { t } = useTranslation("session");
  const { project, projects } = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (projectId: number) => client.PUT("/v1/session/project", { body: { projectId } }),
    onSuccess: async (_, projectId) => {
      stayIn(projectId);
      await queries.resetQueries();
      navigate("/");
    },
  });
  if (projects.length < 2) return <Text c="dimmed">{project.name}</Text>;
  return (
    <NativeSelect
      aria-label={t("project")}
      size="xs"
      value={String(project.id)}
      data={projects.map(({ id, name }) => ({ value: String(id), label: name }))}
      onChange={(event) => change.mutate(Number(event.currentTarget.value))}
    />
  );
}
