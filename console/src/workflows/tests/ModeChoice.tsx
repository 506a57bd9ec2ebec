import { Input, SegmentedControl } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";

export type Mode = Schema<"TestRunBody">["mode"];

const MODES: Mode[] = ["normal", "empty", "expiring"];

/** What a test pretends of the stock. */
export function ModeChoice({ value, onChange }: { value: Mode; onChange: (mode: Mode) => void }) {
  const { t } = useTranslation("workflows");
  const id = useId();
  return (
    <Input.Wrapper label={t("test.mode")} labelElement="div" labelProps={{ id }}>
      <SegmentedControl
        fullWidth
        aria-labelledby={id}
        data={MODES.map((mode) => ({ value: mode, label: t(`test.modes.${mode}`) }))}
        value={value}
        onChange={(mode) => onChange(mode as Mode)}
      />
    </Input.Wrapper>
  );
}
