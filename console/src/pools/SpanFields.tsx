import { NumberInput, Select } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { UNITS, type Usage } from "./usage";

type Props = { form: UseFormReturnType<Usage>; name: "startsAfter" | "endsAfter" | "capSpan" };

/** A length of time: how many of which unit. */
export function SpanFields({ form, name }: Props) {
  const { t } = useTranslation("pools");
  return (
    <>
      <NumberInput w={110} label={t("amount")} min={1} required {...form.getInputProps(`${name}.amount`)} />
      <Select
        w={130}
        label={t("unitName")}
        allowDeselect={false}
        data={UNITS.map((value) => ({ value, label: t(`units.${value}`) }))}
        {...form.getInputProps(`${name}.unit`)}
      />
    </>
  );
}
