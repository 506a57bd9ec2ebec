import { NumberInput, Select, SimpleGrid, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { Chosen } from "./issuing";
import { PoolSelect } from "./PoolSelect";

/** Which contacts; what is left empty lets all through. */
export function ContactFilter({ form }: { form: UseFormReturnType<Chosen> }) {
  const { t } = useTranslation("codes");
  const { sample, withoutCodeOf, withCodeOf } = form.values;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <TextInput label={t("emailStarts")} {...form.getInputProps("email")} />
      <TextInput label={t("phoneStarts")} {...form.getInputProps("phone")} />
      <TextInput label={t("firstName")} {...form.getInputProps("firstName")} />
      <TextInput label={t("lastName")} {...form.getInputProps("lastName")} />
      <PoolSelect
        w="100%"
        label={t("withoutCodeOf")}
        value={withoutCodeOf}
        onChange={(key) => form.setFieldValue("withoutCodeOf", key ?? "")}
      />
      <PoolSelect
        w="100%"
        label={t("withCodeOf")}
        value={withCodeOf}
        onChange={(key) => form.setFieldValue("withCodeOf", key ?? "")}
      />
      <Select
        label={t("sample")}
        allowDeselect={false}
        data={[
          { value: "all", label: t("sampleAll") },
          { value: "count", label: t("sampleCount") },
          { value: "percent", label: t("samplePercent") },
        ]}
        {...form.getInputProps("sample")}
      />
      {sample !== "all" && (
        <NumberInput
          label={t("sampleValue")}
          min={1}
          max={sample === "percent" ? 100 : undefined}
          required
          {...form.getInputProps("sampleValue")}
        />
      )}
    </SimpleGrid>
  );
}
