import { TextInput, type TextInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession } from "@/session/session";
import { instantOf, wallOf } from "./zoned";

type Props = Omit<TextInputProps, "value" | "onChange" | "type"> & {
  value?: string | null;
  onChange: (instant: string | null) => void;
};

/** A moment that is typed in the project's zone and kept as an instant; empty is null. */
export function MomentInput({ value, onChange, description, ...more }: Props) {
  const { t } = useTranslation("ui");
  const { timeZone } = useSession().project;
  return (
    <TextInput
      {...more}
      type="datetime-local"
      description={description ?? t("inZone", { zone: timeZone })}
      value={value ? wallOf(value, timeZone) : ""}
      onChange={({ currentTarget: { value: wall } }) => onChange(wall ? instantOf(wall, timeZone) : null)}
    />
  );
}
