import { Button, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { client } from "@/api/client";
import { queries } from "@/api/queries";
import { useMayEdit } from "@/session/session";
import { FormModal } from "@/ui/FormModal";
import { done } from "@/ui/notices";
import type { Code } from "./code";

type Act = "withdraw" | "revoke" | "transfer";

/** What may be done with a code by hand: a free one withdrawn, an owned one taken away or passed on. */
export function CodeActs({ code }: { code: Code }) {
  const mayEdit = useMayEdit();
  if (!mayEdit || code.state === "withdrawn") return null;
  if (code.state === "free") return <OneAct act="withdraw" code={code} />;
  return (
    <>
      <OneAct act="transfer" code={code} />
      <OneAct act="revoke" code={code} />
    </>
  );
}

const DONE = { withdraw: "withdrawn", revoke: "revoked", transfer: "transferred" } as const;

async function perform(act: Act, code: string, { to, reason }: { to: string; reason: string }) {
  const path = { params: { path: { code } } };
  if (act === "withdraw") await client.POST("/v1/codes/{code}/withdraw", { ...path, body: { reason } });
  else if (act === "revoke") await client.POST("/v1/codes/{code}/revoke", { ...path, body: { reason } });
  else await client.POST("/v1/codes/{code}/transfer", { ...path, body: { reason, to: { email: to } } });
}

function OneAct({ act, code }: { act: Act; code: Code }) {
  const { t } = useTranslation("codes");
  const [isOpen, { open, close }] = useDisclosure();
  const form = useForm({ initialValues: { to: "", reason: "" } });
  const submit = async (values: typeof form.values) => {
    await perform(act, code.code, values);
    void queries.invalidateQueries();
    done(t(DONE[act]));
  };
  return (
    <>
      <Button variant="default" onClick={open}>
        {t(act)}
      </Button>
      <FormModal title={t(`${act}Title`)} act={t(act)} isOpen={isOpen} onClose={close} form={form} onSubmit={submit}>
        <Text size="sm">{t(`${act}Text`, { pool: code.pool })}</Text>
        {act === "transfer" && <TextInput label={t("to")} type="email" required {...form.getInputProps("to")} />}
        <TextInput
          label={t("reason")}
          description={t("reasonHint")}
          required
          maxLength={500}
          data-autofocus
          {...form.getInputProps("reason")}
        />
      </FormModal>
    </>
  );
}
