import { Checkbox, NumberInput, SimpleGrid, Stack, TagsInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { WholeInput } from "@/ui/WholeInput";
import { AlphabetPicker } from "./AlphabetPicker";
import { type Definition, LENGTH_MAX } from "./definition";

type Props = {
  wanted: Definition;
  isFixed: boolean;
  /** What is wrong, by field. */
  errors: Record<string, string>;
  onChange: (wanted: Definition) => void;
};

/** The shape of codes: characters, length, fixed pieces, groups, check digit. */
export function FormatEditor({ wanted, isFixed, errors, onChange }: Props) {
  const { t } = useTranslation("formats");
  const change = (part: Partial<Definition>) => onChange({ ...wanted, ...part });
  const text = (field: "prefix" | "suffix") => ({
    label: t(field),
    value: wanted[field],
    disabled: isFixed,
    error: errors[field],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => change({ [field]: event.currentTarget.value }),
  });
  return (
    <Stack>
      <AlphabetPicker wanted={wanted} isFixed={isFixed} error={errors.alphabet} onChange={onChange} />
      <SimpleGrid cols={{ base: 2, sm: 3 }} verticalSpacing="sm" style={{ alignItems: "end" }}>
        <WholeInput
          label={t("length")}
          description={t("lengthHint")}
          min={1}
          max={LENGTH_MAX}
          disabled={isFixed}
          error={errors.length}
          value={wanted.length}
          onChange={(length) => change({ length })}
        />
        <TextInput {...text("prefix")} />
        <TextInput {...text("suffix")} />
        <TextInput
          label={t("marker")}
          description={t("markerHint")}
          disabled={isFixed}
          value={wanted.marker}
          onChange={({ currentTarget: { value: marker } }) =>
            change({ marker, markerAt: marker ? (wanted.markerAt ?? 0) : null })
          }
        />
        <NumberInput
          label={t("markerAt")}
          description={t("markerAtHint")}
          min={0}
          max={LENGTH_MAX}
          disabled={isFixed || !wanted.marker}
          error={errors.markerAt}
          value={wanted.markerAt ?? ""}
          onChange={(value) => change({ markerAt: Number(value) || 0 })}
        />
        <WholeInput
          label={t("group")}
          description={t("groupHint")}
          min={0}
          max={LENGTH_MAX}
          disabled={isFixed}
          value={wanted.group}
          onChange={(group) => change({ group })}
        />
        <TextInput
          label={t("separator")}
          maxLength={1}
          disabled={isFixed || wanted.group === 0}
          error={errors.separator}
          value={wanted.separator}
          onChange={({ currentTarget: { value: separator } }) => change({ separator })}
        />
      </SimpleGrid>
      <Checkbox
        label={t("checkDigit")}
        description={t("checkDigitHint")}
        disabled={isFixed}
        checked={wanted.hasCheckDigit}
        onChange={({ currentTarget: { checked: hasCheckDigit } }) => change({ hasCheckDigit })}
      />
      <TagsInput
        label={t("forbidden")}
        description={t("forbiddenHint")}
        disabled={isFixed}
        value={wanted.forbidden}
        onChange={(forbidden) => change({ forbidden })}
      />
    </Stack>
  );
}
