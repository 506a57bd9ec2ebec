import { Anchor, Button, PasswordInput, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { client } from "@/api/client";
import { SESSION } from "@/api/queries";
import { stayIn } from "@/api/standing";
import { Failure } from "@/ui/Failure";
import { Card } from "./Card";
import { readSession } from "./session";

/** The way back after signing in: only a path of this console. */
function wayBack(asked: string | null): string {
  return asked?.startsWith("/") && !/^\/[/\\]/.test(asked) ? asked : "/";
}

/** The page that a person without a session sees. */
export function Component() {
  const { t } = useTranslation("session");
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const queries = useQueryClient();
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "", password: "" } });
  const signIn = useMutation({
    mutationFn: (body: { email: string; password: string }) => client.POST("/v1/session", { body }),
    onSuccess: async () => {
      queries.clear();
      stayIn(undefined);
      await queries.fetchQuery({ queryKey: SESSION, queryFn: readSession });
      navigate(wayBack(query.get("next")), { replace: true });
    },
  });
  return (
    <Card title={t("title")} onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
      <Text c="dimmed" size="sm">
        {t("hint")}
      </Text>
      {signIn.error && <Failure error={signIn.error} />}
      <TextInput
        label={t("email")}
        required
        autoFocus
        autoComplete="username"
        key={form.key("email")}
        {...form.getInputProps("email")}
      />
      <PasswordInput
        visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
        label={t("password")}
        required
        autoComplete="current-password"
        key={form.key("password")}
        {...form.getInputProps("password")}
      />
      <Button type="submit" loading={signIn.isPending}>
        {t("signIn")}
      </Button>
      <Anchor component={Link} to="/forgotten" size="sm">
        {t("forgotten")}
      </Anchor>
    </Card>
  );
}
