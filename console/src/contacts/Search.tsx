import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useFilter } from "@/ui/filters";

const PAUSE_MS = 300;

/** The words that a list is searched by, in the address as `q`; going back shows those of before. */
export function Search({ label }: { label: string }) {
  const [q, setQ] = useFilter("q");
  const [typed, setTyped] = useState(q);
  const asked = useRef(q);
  const settle = useDebouncedCallback((value: string) => {
    asked.current = value.trim();
    setQ(asked.current || null);
  }, PAUSE_MS);
  useEffect(() => {
    if (q !== asked.current) setTyped(q);
    asked.current = q;
  }, [q]);
  return (
    <TextInput
      type="search"
      w={{ base: "100%", xs: 420 }}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
    />
  );
}
