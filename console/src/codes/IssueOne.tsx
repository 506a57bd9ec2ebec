import { Alert, Anchor, Button, CopyButton, Group, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import type { Pool } from "@/pools/pool";
import { Failure } from "@/ui/Failure";

const KINDS = ["email", "phone", "externalCustomerId"] as const;

/** The next code of the pool for one contact. The key stays the same until it worked, so that a second press takes no second code. */
export function IssueOne({ pool }: { pool: Pool }) {
  const { t } = useTranslation(["codes", "ui"]);
  const [key, setKey] = useState(newKey);
  const form = useForm({ initialValues: { kind: "email" as (typeof KINDS)[number], value: "" } });
  const claim = api.useMutation("post", "/v1/claims");
  const submit = form.onSubmit(({ kind, value }) =>
    claim.mutate({ body: { key, pool: pool.key, contact: { [kind]: value.trim() }, count: 1, create: false } }),
  );
  const again = () => {
    setKey(newKey());
    claim.reset();
    form.setFieldValue("value", "");
  };
  if (claim.data)
    return (
      <Alert color="teal" role="status" title={t("oneDone", { contact: form.values.value })}>
        <Stack align="flex-start">
          <Group>
            <Anchor
              component={Link}
              to={`/codes/${encodeURIComponent(claim.data.code)}`}
              className="tearoff-code"
              fz="lg"
            >
              {claim.data.code}
            </Anchor>
            <CopyButton value={claim.data.code}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="default" onClick={copy}>
                  {t(copied ? "ui:copied" : "ui:copy")}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Button size="xs" variant="light" onClick={again}>
            {t("another")}
          </Button>
        </Stack>
      </Alert>
    );
  return (
    <form onSubmit={submit}>
      <Stack maw={440}>
        {claim.error && <Failure error={claim.error} />}
        <Select
          label={t("contactKind")}
          allowDeselect={false}
          data={KINDS.map((value) => ({ value, label: t(value) }))}
          {...form.getInputProps("kind")}
        />
        <TextInput label={t(form.values.kind)} required {...form.getInputProps("value")} />
        <Button type="submit" w="fit-content" loading={claim.isPending}>
          {t("issueOne")}
        </Button>
      </Stack>
    </form>
  );
}

function newKey(): string {
  return `console:${crypto.randomUUID()}`;
}
