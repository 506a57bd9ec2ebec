import { Alert, Anchor, Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import type { Pool } from "@/pools/pool";
import { CopyValue } from "@/ui/CopyValue";
import { Failure } from "@/ui/Failure";
import { useOnceKey } from "@/ui/onceKey";

const KINDS = ["email", "phone", "externalCustomerId"] as const;

/** The next code of the pool for one contact. Its key stays while the outcome is unknown, so that a second press takes no second code. */
export function IssueOne({ pool }: { pool: Pool }) {
  const { t } = useTranslation("codes");
  const once = useOnceKey();
  const form = useForm({ initialValues: { kind: "email" as (typeof KINDS)[number], value: "" } });
  const claim = api.useMutation("post", "/v1/claims", { onSettled: (_, error) => once.settle(error) });
  const submit = form.onSubmit(({ kind, value }) =>
    claim.mutate({
      body: { key: once.key, pool: pool.key, contact: { [kind]: value.trim() }, count: 1, create: false },
    }),
  );
  const again = () => {
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
            <CopyValue value={claim.data.code} />
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
