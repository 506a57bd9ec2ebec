import { Button, type ButtonProps } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { ComponentProps } from "react";
import { useSession } from "./session";

type Props = ButtonProps & ComponentProps<"button">;

/** The person's name, which opens their menu. */
export function UserButton(props: Props) {
  const { person } = useSession();
  return (
    <Button
      variant="subtle"
      size="xs"
      maw={{ base: 150, sm: 320 }}
      styles={{ label: { display: "block", overflow: "hidden", textOverflow: "ellipsis" } }}
      aria-haspopup="menu"
      rightSection={<IconChevronDown size={14} aria-hidden />}
      {...props}
    >
      {person.name || person.email}
    </Button>
  );
}
