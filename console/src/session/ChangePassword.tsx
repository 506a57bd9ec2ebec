import { Anchor, Button, PasswordInput, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client } from "@/api/client";
import { SESSION } from "@/api/queries";
import { Failure } from "@/ui/Failure";
import { showProblems } from "@/ui/forms";
import { done } from "@/ui/notices";
import { Card } from "./Card";
import { LEAVING, type Leave } from "./leave";
import { NewPasswordInput } from "./NewPasswordInput";
import { RequireSession } from "./RequireSession";
import { readSession, useSessionQuery } from "./session";

/** The page on which a person sets a password of their own; behind a one-time password it is the only one. */
export function Component() {
  return (
    <RequireSession>
      <ChangePassword />
    </RequireSession>
  );
}

function ChangePassword() {
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
    <Card title={t("changePassword")} onSubmit={form.onSubmit((values) => change.mutate(values))}>
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
      <NewPasswordInput key={form.key("new")} {...form.getInputProps("new")} />
      <Button type="submit" loading={change.isPending}>
        {t("save")}
      </Button>
      {data?.mustChangePassword ? (
        <Anchor component={Link} to={LEAVING} state={{ act: "sign-out" } satisfies Leave} size="sm">
          {t("signOut")}
        </Anchor>
      ) : (
        <Anchor component={Link} to="/account" size="sm">
          {t("account")}
        </Anchor>
      )}
    </Card>
  );
}
