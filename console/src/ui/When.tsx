import { Text } from "@mantine/core";
import { useSession } from "@/session/session";
import { moment } from "./format";

/** A moment, written in the project's zone; the title says the zone. */
export function When({ at }: { at: string | null | undefined }) {
  const { timeZone } = useSession().project;
  return (
    <Text
      component="time"
      size="sm"
      style={{ whiteSpace: "nowrap" }}
      dateTime={at ?? undefined}
      title={at ? `${at} · ${timeZone}` : undefined}
    >
      {moment(at, timeZone)}
    </Text>
  );
}
