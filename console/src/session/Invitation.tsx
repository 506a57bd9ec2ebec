import { Button, PasswordInput, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { client, type Schema } from "@/api/client";
import { SESSION } from "@/api/queries";
import { stayIn } from "@/api/standing";
import { Failure } from "@/ui/Failure";
import { showProblems } from "@/ui/forms";
import { Card } from "./Card";
import { NewPasswordInput } from "./NewPasswordInput";
import { readSession } from "./session";

/** Where the link of an invitation leads: who is known gives their password, who is new chooses one. */
export function Component() {
  const { t } = useTranslation("session");
  const token = useLocation().hash.slice(1);
  const { data, error } = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => client.POST("/v1/invitations/look", { body: { token } }),
    retry: false,
  });
  return (
    <Card title={t("invitation")}>
      {error && <Failure error={error} />}
      {data?.data && <Acceptance token={token} look={data.data} />}
    </Card>
  );
}

function Acceptance({ token, look }: { token: string; look: Schema<"InvitationLook"> }) {
  const { t } = useTranslation("session");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const form = useForm({ mode: "uncontrolled", initialValues: { name: "", password: "" } });
  const accept = useMutation({
    mutationFn: (values: { name: string; password: string }) =>
      client.POST("/v1/invitations/accept", { body: { token, language: i18next.language, ...values } }),
    onSuccess: async () => {
      stayIn(undefined);
      await queries.fetchQuery({ queryKey: SESSION, queryFn: readSession, staleTime: 0 });
      navigate("/", { replace: true });
    },
    onError: (error) => showProblems(form, error),
  });
  const password = { key: form.key("password"), ...form.getInputProps("password") };
  const { key, ...input } = password;
  return (
    <form onSubmit={form.onSubmit((values) => accept.mutate(values))}>
      <Text size="sm" mb="md">
        {t("invitedBy", { by: look.invitedBy, project: look.project, email: look.email })}
      </Text>
      {accept.error && <Failure error={accept.error} />}
      {look.isKnown ? (
        <PasswordInput key={key} label={t("password")} required autoComplete="current-password" {...input} />
      ) : (
        <>
          <TextInput label={t("name")} autoComplete="name" key={form.key("name")} {...form.getInputProps("name")} />
          <NewPasswordInput key={key} {...input} />
        </>
      )}
      <Button type="submit" mt="md" fullWidth loading={accept.isPending}>
        {t("join")}
      </Button>
    </form>
  );
}
