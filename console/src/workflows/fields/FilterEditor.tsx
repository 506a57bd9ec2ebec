import { ActionIcon, Button, Fieldset, Group, Select, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useEditing, useProblem } from "../kinds/editing";
import { COMPARISONS, type Condition, type Filter, filterOf, isUnary, withoutEmpty } from "./filters";
import { ParameterInput } from "./ParameterInput";

const GROUPS = ["all", "any"] as const;

/** The conditions on an event's parameters: all of the first group, and one of the second. */
export function FilterEditor() {
  const { t } = useTranslation("workflows");
  const { block, set } = useEditing();
  const filter = filterOf(block.filter);
  const problem = useProblem("filter");
  const put = (group: keyof Filter, conditions: Condition[]) =>
    set("filter", withoutEmpty({ ...filter, [group]: conditions }));
  return (
    <Stack gap="xs">
      {GROUPS.map((group) => (
        <ConditionGroup key={group} group={group} conditions={filter[group]} onChange={(next) => put(group, next)} />
      ))}
      {problem && (
        <Text size="xs" c="red">
          {t("parameters.filter")}: {problem}
        </Text>
      )}
    </Stack>
  );
}

type GroupProps = { group: keyof Filter; conditions: Condition[]; onChange: (next: Condition[]) => void };

function ConditionGroup({ group, conditions, onChange }: GroupProps) {
  const { t } = useTranslation("workflows");
  const put = (at: number, next: Condition) => onChange(conditions.map((old, n) => (n === at ? next : old)));
  return (
    <Fieldset legend={t(`filter.${group}`)} p="xs">
      <Stack gap="sm">
        {conditions.map((condition, at) => (
          <ConditionRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no name but its place
            key={at}
            number={at + 1}
            condition={condition}
            onChange={(next) => put(at, next)}
            onRemove={() => onChange(conditions.filter((_, n) => n !== at))}
          />
        ))}
        <Button
          size="compact-xs"
          variant="subtle"
          w="fit-content"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...conditions, { param: "", is: "equals", value: "" }])}
        >
          {t("filter.add")}
        </Button>
      </Stack>
    </Fieldset>
  );
}

type RowProps = { number: number; condition: Condition; onChange: (next: Condition) => void; onRemove: () => void };

function ConditionRow({ number, condition, onChange, onRemove }: RowProps) {
  const { t } = useTranslation("workflows");
  const { names } = useEditing();
  const choices = names.map(({ name, sample }) => ({ value: name, hint: sample }));
  return (
    <Stack gap={4}>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <ParameterInput
          label={t("filter.parameter", { number })}
          value={condition.param}
          onChange={(param) => onChange({ ...condition, param })}
          choices={choices}
        />
        <ActionIcon
          variant="subtle"
          color="red"
          size="lg"
          aria-label={t("filter.remove", { number })}
          onClick={onRemove}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
      <Group align="flex-end" gap="xs" grow wrap="nowrap">
        <Select
          aria-label={t("filter.comparison", { number })}
          allowDeselect={false}
          data={COMPARISONS.map((value) => ({ value, label: t(`comparisons.${value}`) }))}
          value={condition.is}
          onChange={(is) => is && onChange({ ...condition, is })}
        />
        {!isUnary(condition.is) && (
          <ParameterInput
            label={t("filter.value", { number })}
            value={condition.value}
            onChange={(value) => onChange({ ...condition, value })}
            choices={names
              .filter(({ name, sample }) => name === condition.param && sample !== "")
              .map(({ sample }) => ({ value: sample, hint: t("filter.lastSeen") }))}
          />
        )}
      </Group>
    </Stack>
  );
}
