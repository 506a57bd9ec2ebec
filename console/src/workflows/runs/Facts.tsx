import { Text } from "@mantine/core";
import { textOf } from "../blocks";
import classes from "./runs.module.css";

/** Names with their values, in two columns; what is empty is left out. */
export function Facts({ title, facts }: { title?: string; facts: Record<string, unknown> }) {
  const shown = Object.entries(facts).filter(([, value]) => textOf(value) !== "");
  if (shown.length === 0) return null;
  return (
    <dl className={classes.facts} aria-label={title}>
      {title && (
        <Text size="xs" fw={600} aria-hidden>
          {title}
        </Text>
      )}
      {shown.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="xs" m={0} className={classes.value}>
            {textOf(value)}
          </Text>
        </div>
      ))}
    </dl>
  );
}
