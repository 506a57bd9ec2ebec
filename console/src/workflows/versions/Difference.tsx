import { List, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { blocksOf, type ExitName, textOf } from "../blocks";
import { Picture } from "../canvas/Picture";
import { isParameter } from "../fields/parameterNames";
import { differenceOf, UNMARKED } from "../marks";

type Props = { workflow: string; older: string; newer: string };

/** Two versions side by side, coloured by what became of each block, and the same in words. */
export function Difference({ workflow, older, newer }: Props) {
  const { t } = useTranslation("workflows");
  const { data, error } = api.useQuery("get", "/v1/workflows/{workflow}/versions/{version}/diff/{other}", {
    params: { path: { workflow, version: older, other: newer } },
  });
  if (error) return <Failure error={error} />;
  if (!data) return <Skeleton h={420} />;
  return (
    <Stack>
      <Words difference={data} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Side workflow={workflow} version={older} difference={data} side="older" title={t("versions.from")} />
        <Side workflow={workflow} version={newer} difference={data} side="newer" title={t("versions.to")} />
      </SimpleGrid>
    </Stack>
  );
}

type SideProps = {
  workflow: string;
  version: string;
  difference: Schema<"Diff">;
  side: "older" | "newer";
  title: string;
};

function Side({ workflow, version, difference, side, title }: SideProps) {
  const { data } = api.useQuery("get", "/v1/workflows/{workflow}/versions/{version}", {
    params: { path: { workflow, version } },
  });
  const blocks = useMemo(() => (data ? blocksOf(data.blocks) : null), [data]);
  const marks = useMemo(() => (blocks ? differenceOf(difference, side, blocks) : UNMARKED), [difference, side, blocks]);
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {blocks ? <Picture label={title} blocks={blocks} marks={marks} height={420} /> : <Skeleton h={420} />}
    </Stack>
  );
}

function Words({ difference }: { difference: Schema<"Diff"> }) {
  const { t } = useTranslation("workflows");
  const { added, removed, changed } = difference;
  if (added.length + removed.length + changed.length === 0) return <Text size="sm">{t("versions.same")}</Text>;
  const name = (field: string) => (isParameter(field) ? t(`parameters.${field}`) : field);
  const value = (set: unknown) => textOf(set) || t("versions.unset");
  return (
    <List size="sm" aria-label={t("versions.difference")}>
      {added.map(({ block }) => (
        <List.Item key={block}>{t("versions.added", { block })}</List.Item>
      ))}
      {removed.map(({ block }) => (
        <List.Item key={block}>{t("versions.removed", { block })}</List.Item>
      ))}
      {changed.flatMap(({ block, fields, exits }) => [
        ...fields.map((field) => (
          <List.Item key={`${block}/${field.name}`}>
            {t("versions.changed", {
              block,
              field: name(field.name),
              before: value(field.before),
              after: value(field.after),
            })}
          </List.Item>
        )),
        ...exits.map((exit) => (
          <List.Item key={`${block}:${exit.name}`}>
            {t("versions.changed", {
              block,
              field: t(`exits.${exit.name as ExitName}`),
              before: value(exit.before),
              after: value(exit.after),
            })}
          </List.Item>
        )),
      ])}
    </List>
  );
}
