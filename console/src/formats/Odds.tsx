import { Alert, Button, Code, Group, Paper, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { ApiProblem } from "@/api/problems";
import { number } from "@/ui/format";
import type { Definition } from "./definition";

const CALM_MS = 250;
const SAMPLES = 6;

/** What the API says of a shape while it is typed: its room, its odds, samples, and what is wrong with it. */
export function useOdds(typed: Definition, made: number) {
  const [wanted] = useDebouncedValue(typed, CALM_MS);
  const [count] = useDebouncedValue(made, CALM_MS);
  const quiet = { retry: false, placeholderData: keepPreviousData } as const;
  const capacity = api.useQuery(
    "post",
    "/v1/formats/capacity",
    { params: { query: { made: count } }, body: wanted },
    quiet,
  );
  const samples = api.useQuery(
    "post",
    "/v1/formats/sample",
    { params: { query: { count: SAMPLES } }, body: wanted },
    quiet,
  );
  const { error } = capacity;
  return { capacity, samples, errors: error instanceof ApiProblem ? error.fields() : {} };
}

type Props = { odds: ReturnType<typeof useOdds>; quantity: number; room: number | null };

/** How many codes a shape allows, how hard they are to guess, and how they look. */
export function Odds({ odds: { capacity, samples }, quantity, room }: Props) {
  const { t } = useTranslation("formats");
  const said = capacity.error ? undefined : capacity.data;
  const shown = samples.error ? [] : (samples.data?.samples ?? []);
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <SimpleGrid cols={1} spacing="xs">
          <Fact
            name={t("capacity")}
            value={said && number(said.capacity)}
            hint={room === null ? "" : t("room", { room: number(room) })}
          />
          <Fact
            name={t("odds")}
            value={said && number(said.guesses)}
            hint={t("oddsHint", { quantity: number(quantity) })}
          />
        </SimpleGrid>
        {said?.isGuessable && (
          <Alert color="red" role="status">
            {t("guessable", { guesses: number(said.guesses) })}
          </Alert>
        )}
        <Group justify="space-between">
          <Text size="sm" fw={500}>
            {t("samples")}
          </Text>
          <Button size="compact-xs" variant="subtle" onClick={() => void samples.refetch()}>
            {t("more")}
          </Button>
        </Group>
        <Group gap="xs" mih={64} align="flex-start">
          {shown.map((code) => (
            <Code key={code} fz="sm" className="tearoff-code">
              {code}
            </Code>
          ))}
        </Group>
        <Text size="xs" c="dimmed">
          {t("samplesHint")}
        </Text>
      </Stack>
    </Paper>
  );
}

function Fact({ name, value, hint }: { name: string; value: string | undefined; hint: string }) {
  return (
    <dl style={{ margin: 0 }}>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} fw={650} fz="xl" className="tearoff-numbers" aria-live="polite">
        {value ?? <Skeleton h={28} w={120} />}
      </Text>
      <Text component="dd" m={0} size="xs" c="dimmed">
        {hint}
      </Text>
    </dl>
  );
}
