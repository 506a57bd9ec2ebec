import { Button, Group, NumberInput, Select, SimpleGrid, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { api, type Schema } from "@/api/client";
import type { Pool } from "@/pools/pool";
import { Failure } from "@/ui/Failure";
import { number, thousands } from "@/ui/format";
import { MomentInput } from "@/ui/MomentInput";
import { TaskProgress } from "@/ui/TaskProgress";
import { firstDefinition } from "./definition";
import { FormatEditor } from "./FormatEditor";
import { Odds, useOdds } from "./Odds";
import { RefillRule } from "./RefillRule";

type Format = Schema<"FormatView">;

const LISTED_MAX = 1000;
const NEW = "";

/** Codes made to a format: chosen or drawn up here, with its odds beside it. */
export function GenerateCodes({ pool }: { pool: Pool }) {
  const { t } = useTranslation("formats");
  const { data, error } = api.useQuery("get", "/v1/formats", { params: { query: { limit: LISTED_MAX } } });
  const refill = api.useQuery(
    "get",
    "/v1/pools/{pool}/refill",
    { params: { path: { pool: pool.key } } },
    { retry: false },
  );
  const [chosen, setChosen] = useState<string | null>(null);
  if (error) return <Failure error={error} />;
  if (!data || !refill.isFetched) return <Skeleton h={520} />;
  const used = data.items.find(({ id }) => id === refill.data?.format) ?? data.items.at(-1);
  const key = chosen ?? (pool.fillMethod === "generated" ? used?.format.key : undefined) ?? NEW;
  const format = data.items.find((one) => one.format.key === key) ?? null;
  const names = data.items.map((one) => ({ value: one.format.key, label: one.format.name || one.format.key }));
  return (
    <Stack gap="xl">
      <Stack>
        {data.items.length > 0 && (
          <Select
            maw={320}
            label={t("format")}
            allowDeselect={false}
            data={[{ value: NEW, label: t("newFormat") }, ...names]}
            value={key}
            onChange={(value) => setChosen(value ?? NEW)}
          />
        )}
        <Generate key={key} pool={pool} format={format} onMade={setChosen} />
      </Stack>
      <RefillRule pool={pool} formats={data.items} rule={refill.data ?? null} />
    </Stack>
  );
}

type Props = { pool: Pool; format: Format | null; onMade: (key: string) => void };

function Generate({ pool, format: chosen, onMade }: Props) {
  const { t } = useTranslation("formats");
  const [params, setParams] = useSearchParams();
  const [wanted, setWanted] = useState(() => chosen?.format ?? firstDefinition(pool.name));
  const form = useForm({
    initialValues: { quantity: 1000, discount: "" as number | "", expiresAt: null as string | null },
  });
  const create = api.useMutation("post", "/v1/formats");
  // a format that was made stays when its generation is refused, and the next try takes it
  const format = chosen ?? create.data ?? null;
  const quantity = Number(form.values.quantity) || 0;
  const odds = useOdds(wanted, quantity + (format?.made ?? 0));
  const start = api.useMutation("post", "/v1/pools/{pool}/generations");
  const task = Number(params.get("task"));
  const begin = async ({ discount, expiresAt }: typeof form.values) => {
    const made = format ?? (await create.mutateAsync({ body: wanted }));
    const body = { format: made.id, quantity, discount: discount === "" ? null : discount, expiresAt };
    const { id } = await start.mutateAsync({ params: { path: { pool: String(pool.id) } }, body });
    setParams({ by: "generated", task: String(id) }, { replace: true });
    onMade(made.format.key);
  };
  // what is refused is shown below the form
  const submit = form.onSubmit((values) => void begin(values).catch(() => undefined));
  const isFixed = format !== null && format.made > 0;
  const isWrong = odds.capacity.isError || (odds.capacity.data?.isGuessable ?? false);
  return (
    <form onSubmit={submit}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
        <Stack>
          {isFixed ? (
            <Text size="sm" c="dimmed">
              {t("fixed", { count: format.made, formatted: number(format.made) })}
            </Text>
          ) : (
            <TextInput
              label={t("name")}
              value={wanted.name}
              onChange={({ currentTarget: { value: name } }) => setWanted(renamed(wanted, name, format !== null))}
              error={odds.errors.key}
            />
          )}
          <FormatEditor wanted={wanted} isFixed={format !== null} errors={odds.errors} onChange={setWanted} />
        </Stack>
        <Stack>
          <Odds odds={odds} quantity={quantity + (format?.made ?? 0)} room={format?.room ?? null} />
          <Group grow align="flex-start">
            <NumberInput
              label={t("quantity")}
              min={1}
              thousandSeparator={thousands()}
              required
              {...form.getInputProps("quantity")}
            />
            <NumberInput label={t("discount")} min={0} max={99} {...form.getInputProps("discount")} />
          </Group>
          <MomentInput label={t("expiresAt")} {...form.getInputProps("expiresAt")} />
          {(create.error || start.error) && <Failure error={create.error ?? start.error} />}
          <Button
            type="submit"
            w="fit-content"
            disabled={isWrong || quantity < 1}
            loading={create.isPending || start.isPending}
          >
            {t("generate", { count: quantity, formatted: number(quantity) })}
          </Button>
          {task > 0 && <TaskProgress id={task} label={t("title")} />}
        </Stack>
      </SimpleGrid>
    </form>
  );
}

function renamed(wanted: ReturnType<typeof firstDefinition>, name: string, isStored: boolean) {
  return { ...wanted, name, key: isStored ? wanted.key : firstDefinition(name).key };
}
