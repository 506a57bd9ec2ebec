import { Alert, Checkbox, Radio, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Pool } from "./pool";
import type { Usage } from "./usage";

const KINDS = ["single", "multi", "referral"] as const;

/** Single, multi-use or referral, and the check before use; the two that exclude each other say so. */
export function CodeKind({ pool, form }: { pool: Pool; form: UseFormReturnType<Usage> }) {
  const { t } = useTranslation("pools");
  const { codeType, isIssueChecked } = form.values;
  const isFixed = pool.launchedAt !== null;
  const isMulti = codeType === "multi";
  return (
    <Stack>
      <Radio.Group
        label={t("codeTypeName")}
        description={isFixed ? t("codeTypeFixed") : undefined}
        {...form.getInputProps("codeType")}
      >
        <Stack gap="xs" mt="xs">
          {KINDS.map((kind) => {
            const isExcluded = kind === "multi" && isIssueChecked && !isMulti;
            return (
              <Radio
                key={kind}
                value={kind}
                disabled={isFixed || isExcluded}
                label={t(`codeType.${kind}`)}
                description={isExcluded && !isFixed ? t("checkExcludesMulti") : t(`codeTypeHint.${kind}`)}
              />
            );
          })}
        </Stack>
      </Radio.Group>
      <Checkbox
        label={t("issueChecked")}
        description={isMulti ? undefined : t("issueCheckedHint")}
        disabled={isMulti}
        {...form.getInputProps("isIssueChecked", { type: "checkbox" })}
        checked={isIssueChecked && !isMulti}
      />
      {isMulti && (
        <Alert color="blue" icon={<IconInfoCircle aria-hidden />} role="status">
          <Text size="sm">{t("multiExcludesCheck")}</Text>
        </Alert>
      )}
    </Stack>
  );
}
