import { Accordion, Checkbox, NumberInput, Select, SimpleGrid } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { MomentInput } from "@/ui/MomentInput";
import type { Options } from "./options";

const DELIMITERS = [",", ";", "\t", "|"] as const;
const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1251", "windows-1252"];

/** What may be chosen about a file: how it is read, what becomes of known codes, what holds for all rows. */
export function ImportOptions({ form }: { form: UseFormReturnType<Options> }) {
  const { t } = useTranslation("uploads");
  const auto = { value: "", label: t("auto") };
  return (
    <Accordion variant="contained" defaultValue={form.isDirty() ? "options" : null}>
      <Accordion.Item value="options">
        <Accordion.Control>{t("options")}</Accordion.Control>
        <Accordion.Panel>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Select
              label={t("delimiter")}
              allowDeselect={false}
              data={[auto, ...DELIMITERS.map((value) => ({ value, label: t(`delimiters.${value}`) }))]}
              {...form.getInputProps("delimiter")}
            />
            <Select
              label={t("encoding")}
              allowDeselect={false}
              data={[auto, ...ENCODINGS.map((value) => ({ value, label: value.toUpperCase() }))]}
              {...form.getInputProps("encoding")}
            />
            <Select
              label={t("existing")}
              allowDeselect={false}
              data={[
                { value: "update", label: t("existingUpdate") },
                { value: "refuse", label: t("existingRefuse") },
              ]}
              {...form.getInputProps("existing")}
            />
            <Select
              label={t("elsewhere")}
              allowDeselect={false}
              data={[
                { value: "refuse", label: t("elsewhereRefuse") },
                { value: "move", label: t("elsewhereMove") },
              ]}
              {...form.getInputProps("elsewhere")}
            />
            <NumberInput
              label={t("discount")}
              description={t("forAllHint")}
              min={0}
              max={99}
              {...form.getInputProps("discount")}
            />
            <MomentInput label={t("expiresAt")} description={t("forAllHint")} {...form.getInputProps("expiresAt")} />
            <Checkbox label={t("replace")} {...form.getInputProps("replace", { type: "checkbox" })} />
          </SimpleGrid>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
