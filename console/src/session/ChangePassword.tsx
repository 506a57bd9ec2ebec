import { Button, Card, Center, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { client } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { showProblems } from "@/ui/forms";
import { done } from "@/ui/notices";
import { readSession, SESSION, useSessionQuery } from "./session";

/** The page on which a person sets a password of their own; behind a one-time password it is the only one. */
export function ChangePassword() {
  const { t } = useTranslation("session");
  const { data } = useSessionQuery();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const form = useForm({ mode: "uncontrolled", initialValues: { old: "", new: "" } });
  const change = useMutation({
    mutationFn: (body: { old: string; new: string }) => client.PUT("/v1/session/password", { body }),
    onSuccess: async () => {
      await queries.fetchQuery({ queryKey: SESSION, queryFn: readSession, staleTime: 0 });
      done(t("passwordChanged"));
      navigate("/", { replace: true });
    },
    onError: (error) => showProblems(form, error),
  });
  return (
    <Center component="main" mih="100vh" p="md">
      <Card withBorder shadow="sm" w="100%" maw={400} p="xl">
        <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
          <Stack>
            <Title order={1} size="h2">
              {t("changePassword")}
            </Title>
            {data?.mustChangePassword && <Text size="sm">{t("mustChange")}</Text>}
            {change.error && <Failure error={change.error} />}
            <PasswordInput
              visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
              label={t("oldPassword")}
              required
              autoComplete="current-password"
              key={form.key("old")}
              {...form.getInputProps("old")}
            />
            <PasswordInput
              visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
              label={t("newPassword")}
              description={t("passwordRule")}
              required
              minLength={10}
              autoComplete="new-password"
              key={form.key("new")}
              {...form.getInputProps("new")}
            />
            <Button type="submit" loading={change.isPending}>
              {t("save")}
            </Button>
          </Stack>
        </form>
      </Card>
    </Center>
  );
}
