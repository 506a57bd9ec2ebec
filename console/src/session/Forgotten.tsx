import { Anchor, Button, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { Card } from "./Card";

/** Asks for a mail with a link to a new password; the answer never tells whether the address is known. */
export function Component() {
  const { t } = useTranslation("session");
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "" } });
  const ask = useMutation({
    mutationFn: (body: { email: string }) => client.POST("/v1/password-resets", { body }),
  });
  return (
    <Card title={t("forgotten")} onSubmit={form.onSubmit((values) => ask.mutate(values))}>
      {ask.error && <Failure error={ask.error} />}
      {ask.isSuccess ? (
        <Text role="status">{t("resetSent")}</Text>
      ) : (
        <>
          <Text size="sm">{t("resetHint")}</Text>
          <TextInput
            label={t("email")}
            type="email"
            required
            autoFocus
            autoComplete="username"
            key={form.key("email")}
            {...form.getInputProps("email")}
          />
          <Button type="submit" loading={ask.isPending}>
            {t("sendLink")}
          </Button>
        </>
      )}
      <Anchor component={Link} to="/sign-in" size="sm">
        {t("toSignIn")}
      </Anchor>
    </Card>
  );
}
