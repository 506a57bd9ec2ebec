import { NumberInput, type NumberInputProps } from "@mantine/core";
import { useState } from "react";

type Props = Omit<NumberInputProps, "value" | "onChange" | "onBlur"> & {
  value: number;
  onChange: (value: number) => void;
};

/** A whole number that is always there: while the input is empty the last one holds, and it comes back when the input is left. */
export function WholeInput({ value, onChange, ...more }: Props) {
  const [isEmpty, setEmpty] = useState(false);
  return (
    <NumberInput
      {...more}
      allowDecimal={false}
      allowNegative={false}
      value={isEmpty ? "" : value}
      onChange={(typed) => {
        setEmpty(typed === "");
        if (typed !== "") onChange(Number(typed));
      }}
      onBlur={() => setEmpty(false)}
    />
  );
}
