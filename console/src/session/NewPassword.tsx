import { Button } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { client } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { showProblems } from "@/ui/forms";
import { done } from "@/ui/notices";
import { Card } from "./Card";
import { NewPasswordInput } from "./NewPasswordInput";

/** Where the link of a reset leads: its token stands behind #, which no server log ever sees. */
export function Component() {
  const { t } = useTranslation("session");
  const token = useLocation().hash.slice(1);
  const navigate = useNavigate();
  const form = useForm({ mode: "uncontrolled", initialValues: { password: "" } });
  const set = useMutation({
    mutationFn: ({ password }: { password: string }) =>
      client.POST("/v1/password-resets/accept", { body: { token, password } }),
    onSuccess: () => {
      done(t("passwordChanged"));
      navigate("/sign-in", { replace: true });
    },
    onError: (error) => showProblems(form, error),
  });
  return (
    <Card title={t("newPassword")} onSubmit={form.onSubmit((values) => set.mutate(values))}>
      {set.error && <Failure error={set.error} />}
      <NewPasswordInput key={form.key("password")} {...form.getInputProps("password")} />
      <Button type="submit" loading={set.isPending}>
        {t("save")}
      </Button>
    </Card>
  );
}
