import { Checkbox, Fieldset, NumberInput, SimpleGrid, Skeleton, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { done } from "@/ui/notices";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import type { Pool } from "./pool";
import { SaveBar } from "./SaveBar";

/** How often a code, and one contact, may use it. A single-use code has one use, so there only the contact counts. */
export function UseLimits({ pool }: { pool: Pool }) {
  const { data, error } = api.useQuery("get", "/v1/pools/{pool}/redemption-rule", {
    params: { path: { pool: pool.key } },
  });
  if (error) return <Failure error={error} />;
  return data ? <Limits pool={pool} rule={data} /> : <Skeleton h={120} />;
}

function Limits({ pool, rule }: { pool: Pool; rule: Schema<"Rule"> }) {
  const { t } = useTranslation("pools");
  const form = useForm({
    initialValues: {
      usesMax: rule.usesMax ?? ("" as number | ""),
      contactUsesMax: rule.contactUsesMax ?? ("" as number | ""),
      isContactNeeded: rule.isContactNeeded,
    },
  });
  const save = api.useMutation("put", "/v1/pools/{pool}/redemption-rule", {
    onSuccess: () => {
      form.resetDirty();
      done(t("saved"));
    },
  });
  const submit = form.onSubmit(({ usesMax, contactUsesMax, isContactNeeded }) =>
    save.mutate({
      params: { path: { pool: pool.key } },
      body: {
        usesMax: usesMax === "" ? null : usesMax,
        contactUsesMax: contactUsesMax === "" ? null : contactUsesMax,
        isContactNeeded,
      },
    }),
  );
  const mayEdit = useMayEdit();
  const isSingle = pool.codeType === "single";
  return (
    <form onSubmit={submit}>
      <UnsavedChanges isThere={form.isDirty()} />
      <Fieldset variant="unstyled" disabled={!mayEdit}>
        <Stack>
          {!isSingle && (
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <NumberInput
                label={t("usesMax")}
                description={t("unlimited")}
                min={1}
                {...form.getInputProps("usesMax")}
              />
              <NumberInput
                label={t("contactUsesMax")}
                description={t("unlimited")}
                min={1}
                {...form.getInputProps("contactUsesMax")}
              />
            </SimpleGrid>
          )}
          <Checkbox label={t("contactNeeded")} {...form.getInputProps("isContactNeeded", { type: "checkbox" })} />
          <SaveBar isPending={save.isPending} error={save.error} warnings={[]} label={t("saveUses")} />
        </Stack>
      </Fieldset>
    </form>
  );
}
