import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";

const SHOWN_MAX = 50;
const CALM_MS = 200;

type Props = {
  label: string;
  placeholder?: string;
  value: string;
  onChange: (key: string | null) => void;
  w?: number | string;
};

/** Chooses a pool by typing some of its name; the server searches, however many there are. */
export function PoolSelect({ label, placeholder, value, onChange, w = 240 }: Props) {
  const [typed, setTyped] = useState("");
  const [words] = useDebouncedValue(typed, CALM_MS);
  const { data } = api.useQuery(
    "get",
    "/v1/pools",
    { params: { query: { limit: SHOWN_MAX, q: words || undefined } } },
    { placeholderData: keepPreviousData },
  );
  const found = data?.items.map(({ key, name }) => ({ value: key, label: name })) ?? [];
  const isKnown = !value || found.some((one) => one.value === value);
  return (
    <Select
      w={w}
      label={label}
      placeholder={placeholder}
      clearable
      searchable
      data={isKnown ? found : [{ value, label: value }, ...found]}
      value={value || null}
      onChange={onChange}
      onSearchChange={(text) => setTyped(found.some((one) => one.label === text) ? "" : text)}
    />
  );
}
