import { Combobox, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Name } from "../names";
import type { Choice } from "./ParameterInput";

/** What is offered under an input: constants, or names by who gives them. */
export function Options({ choices, names, isNaming }: { choices: Choice[]; names: Name[]; isNaming: boolean }) {
  const { t } = useTranslation("workflows");
  if (isNaming && names.length === 0) return <Combobox.Empty>{t("noNames")}</Combobox.Empty>;
  const givers = [...new Set(names.map(({ from }) => from))];
  return (
    <>
      {choices.map(({ value, hint }) => (
        <Option key={value} value={value} hint={hint} />
      ))}
      {givers.map((giver) => (
        <Combobox.Group key={giver} label={t("givenBy", { giver })}>
          {names
            .filter(({ from }) => from === giver)
            .map(({ name, sample }) => (
              <Option key={name} value={name} hint={sample} />
            ))}
        </Combobox.Group>
      ))}
    </>
  );
}

function Option({ value, hint }: Choice) {
  return (
    <Combobox.Option value={value}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{value}</Text>
        <Text size="xs" c="dimmed" truncate>
          {hint}
        </Text>
      </Group>
    </Combobox.Option>
  );
}
