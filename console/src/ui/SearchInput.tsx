import { TextInput, type TextInputProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useFilter } from "./filters";

const PAUSE_MS = 300;

type Props = Pick<TextInputProps, "label" | "aria-label" | "placeholder" | "w"> & { name: string; isNumber?: boolean };

/** Words that a list is searched by, in the address under a name; another address shows its own words here. */
export function SearchInput({ name, isNumber = false, ...look }: Props) {
  const [words, setWords] = useFilter(name);
  const [typed, setTyped] = useState(words);
  const asked = useRef(words);
  const settle = useDebouncedCallback((value: string) => {
    asked.current = value.trim();
    setWords(asked.current || null);
  }, PAUSE_MS);
  useEffect(() => {
    if (words !== asked.current) setTyped(words);
    asked.current = words;
  }, [words]);
  return (
    <TextInput
      {...look}
      type="search"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      inputMode={isNumber ? "numeric" : undefined}
      onChange={({ currentTarget: { value } }) => {
        const next = isNumber ? value.replace(/\D/g, "") : value;
        setTyped(next);
        settle(next);
      }}
    />
  );
}
