import { Button, Group, Input, Stack, Switch, Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ALIKE, type Definition, DIGITS, LOWER, UPPER, uses, withLetters } from "./definition";
import classes from "./formats.module.css";

type Props = { wanted: Definition; isFixed: boolean; error?: string; onChange: (wanted: Definition) => void };

/** The characters of codes, chosen by clicking them. */
export function AlphabetPicker({ wanted, isFixed, error, onChange }: Props) {
  const { t } = useTranslation("formats");
  const leavesAlike = [...ALIKE].every((letter) => !uses(wanted, letter));
  return (
    <Input.Wrapper label={t("alphabet")} description={t("alphabetHint")} error={error} labelElement="div">
      <Stack gap="xs" mt="xs">
        <Letters name={t("digits")} letters={DIGITS} wanted={wanted} isFixed={isFixed} onChange={onChange} />
        <Letters name={t("upper")} letters={UPPER} wanted={wanted} isFixed={isFixed} onChange={onChange} />
        <Letters name={t("lower")} letters={LOWER} wanted={wanted} isFixed={isFixed} onChange={onChange} />
        <Switch
          label={t("alike")}
          disabled={isFixed}
          checked={leavesAlike}
          onChange={({ currentTarget: { checked } }) =>
            onChange(checked ? withLetters(wanted, ALIKE, false) : withLetters(wanted, alikeOf(wanted), true))
          }
        />
      </Stack>
    </Input.Wrapper>
  );
}

/** The characters that look alike, of the rows that are in use at all. */
function alikeOf(wanted: Definition): string {
  const rows = [DIGITS, UPPER, LOWER].filter((row) => [...row].some((letter) => uses(wanted, letter)));
  return [...ALIKE].filter((letter) => rows.some((row) => row.includes(letter))).join("");
}

function Letters({ name, letters, wanted, isFixed, onChange }: Props & { name: string; letters: string }) {
  const { t } = useTranslation("formats");
  const all = [...letters].every((letter) => uses(wanted, letter));
  return (
    <fieldset aria-label={name} className={classes.row}>
      <Group gap={6} mb={2}>
        <Text size="xs" c="dimmed">
          {name}
        </Text>
        <Button
          size="compact-xs"
          variant="subtle"
          disabled={isFixed}
          aria-label={`${name}: ${t(all ? "noneOf" : "allOf")}`}
          onClick={() => onChange(withLetters(wanted, letters, !all))}
        >
          {t(all ? "noneOf" : "allOf")}
        </Button>
      </Group>
      <Group gap={4}>
        {[...letters].map((letter) => (
          <UnstyledButton
            key={letter}
            className={classes.letter}
            disabled={isFixed}
            aria-pressed={uses(wanted, letter)}
            onClick={() => onChange(withLetters(wanted, letter, !uses(wanted, letter)))}
          >
            {letter}
          </UnstyledButton>
        ))}
      </Group>
    </fieldset>
  );
}
