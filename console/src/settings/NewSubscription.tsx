import { MultiSelect, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { api, client, type Schema } from "@/api/client";
import { queries } from "@/api/queries";
import { FormModal } from "@/ui/FormModal";

type Subscription = Schema<"SubscriptionView">;
type Values = { kind: "email" | "webhook"; target: string; frequency: Subscription["frequency"]; pools: string[] };

type NewProps = { isOpen: boolean; onClose: () => void; onSecret: (secret: string) => void };

/** Says who is told of problems from now on; a webhook's secret is given to `onSecret`. */
export function NewSubscription({ isOpen, onClose, onSecret }: NewProps) {
  const { t } = useTranslation("settings");
  const pools = api.useQuery("get", "/v1/pools", { params: { query: { limit: 1000 } } }, { enabled: isOpen });
  const form = useForm<Values>({ initialValues: { kind: "email", target: "", frequency: "at-once", pools: [] } });
  const make = async ({ pools: chosen, ...body }: Values) => {
    const { data } = await client.POST("/v1/subscriptions", {
      body: { ...body, pools: chosen.length > 0 ? chosen : null },
    });
    if (data?.secret) onSecret(data.secret);
    await queries.invalidateQueries();
  };
  return (
    <FormModal
      title={t("notifications.make")}
      act={t("save")}
      form={form}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={make}
    >
      <Select
        label={t("notifications.kind")}
        allowDeselect={false}
        data={(["email", "webhook"] as const).map((kind) => ({ value: kind, label: t(`notifications.kinds.${kind}`) }))}
        {...form.getInputProps("kind")}
      />
      <TextInput
        label={t(form.values.kind === "email" ? "notifications.address" : "notifications.url")}
        required
        data-autofocus
        {...form.getInputProps("target")}
      />
      <Select
        label={t("notifications.frequency")}
        allowDeselect={false}
        data={(["at-once", "daily", "weekly"] as const).map((each) => ({
          value: each,
          label: t(`notifications.frequencies.${each}`),
        }))}
        {...form.getInputProps("frequency")}
      />
      <MultiSelect
        label={t("notifications.pools")}
        description={t("notifications.poolsHint")}
        searchable
        data={(pools.data?.items ?? []).map((pool) => ({ value: pool.key, label: pool.name }))}
        {...form.getInputProps("pools")}
      />
    </FormModal>
  );
}
