import { SegmentedControl, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { GenerateCodes } from "@/formats/GenerateCodes";
import { type Pool, useStock } from "@/pools/pool";
import { useMayEdit } from "@/session/session";
import { AtWork } from "./AtWork";
import { TypedCodes } from "./TypedCodes";
import { UploadFile } from "./UploadFile";

const METHODS = ["file", "typed", "generated"] as const;
type Method = (typeof METHODS)[number];
const PARTS = { file: UploadFile, typed: TypedCodes, generated: GenerateCodes };

/** Ways to fill a pool; the first load chooses one for good, and the others say why they are closed. */
export function CodesTab({ pool }: { pool: Pool }) {
  const { t } = useTranslation("uploads");
  const mayEdit = useMayEdit();
  const [params, setParams] = useSearchParams();
  const { data: stock } = useStock(pool.key);
  if (!mayEdit) return <Text c="dimmed">{t("viewerOnly")}</Text>;
  if (pool.state === "archived") return <Text c="dimmed">{t("archived")}</Text>;
  if (!stock) return <Skeleton h={280} />;
  const fixed = stock.total > 0 ? pool.fillMethod : null;
  const asked = METHODS.find((one) => one === params.get("by"));
  const method: Method = fixed ?? asked ?? pool.fillMethod ?? "file";
  const Part = PARTS[method];
  return (
    <Stack>
      <AtWork pool={pool} />
      <Title order={2} size="h4">
        {t("title")}
      </Title>
      <SegmentedControl
        w="fit-content"
        aria-label={t("method")}
        value={method}
        onChange={(by) => setParams({ by }, { replace: true })}
        data={METHODS.map((value) => ({ value, label: t(value), disabled: fixed !== null && value !== fixed }))}
      />
      {fixed && (
        <Text size="sm" c="dimmed">
          {t("locked", { method: t(`lockedBy.${fixed}`) })}
        </Text>
      )}
      <Part pool={pool} />
    </Stack>
  );
}
