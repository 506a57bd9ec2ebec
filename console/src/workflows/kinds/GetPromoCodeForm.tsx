import { NumberInput, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { ParameterField } from "../fields/ParameterField";
import { useEditing, useProblem } from "./editing";

const REISSUES = ["always", "run", "workflow", "pool"] as const;
const HOLD_HOURS = { usual: 24, max: 2160 };

/** Which code to take, what to do while there is none, and where to keep it. */
export function GetPromoCodeForm() {
  const { t } = useTranslation("workflows");
  const pools = api.useQuery("get", "/v1/pools", { params: { query: { limit: 1000 } } });
  const fields = api.useQuery("get", "/v1/fields");
  const poolChoices = (pools.data?.items ?? []).map(({ type, name, state }) => ({
    value: type,
    hint: state === "launched" ? name : `${name} · ${t("pools.notLaunched")}`,
  }));
  const fieldChoices = (fields.data?.items ?? []).map(({ key, section, name }) => ({
    value: section === "PERSONAL" ? key : `${section}.${key}`,
    hint: name,
  }));
  return (
    <>
      <ParameterField parameter="type" choices={poolChoices} description={t("hints.type")} />
      <ParameterField parameter="discount" description={t("hints.discount")} />
      <ParameterField parameter="days" description={t("hints.days")} />
      <ParameterField parameter="saveToField" choices={fieldChoices} description={t("hints.saveToField")} isConstant />
      <HoldHours />
      <Reissue />
    </>
  );
}

function HoldHours() {
  const { t } = useTranslation("workflows");
  const { block, set } = useEditing();
  return (
    <NumberInput
      label={t("parameters.holdHours")}
      description={t("hints.holdHours")}
      placeholder={String(HOLD_HOURS.usual)}
      min={0}
      max={HOLD_HOURS.max}
      allowDecimal={false}
      value={typeof block.holdHours === "number" ? block.holdHours : ""}
      onChange={(hours) => set("holdHours", hours)}
      error={useProblem("holdHours")}
    />
  );
}

function Reissue() {
  const { t } = useTranslation("workflows");
  const { block, set } = useEditing();
  const problem = useProblem("reissueDays");
  return (
    <>
      <Select
        label={t("parameters.reissue")}
        description={t("hints.reissue")}
        placeholder={t("reissue.asPool")}
        clearable
        clearButtonProps={{ "aria-label": t("clear", { what: t("parameters.reissue") }) }}
        data={REISSUES.map((value) => ({ value, label: t(`reissue.${value}`) }))}
        value={(block.reissue as string | undefined) ?? null}
        onChange={(value) => set("reissue", value)}
      />
      {block.reissue !== undefined && block.reissue !== "always" && (
        <NumberInput
          label={t("parameters.reissueDays")}
          description={t("hints.reissueDays")}
          min={0}
          allowDecimal={false}
          value={typeof block.reissueDays === "number" ? block.reissueDays : ""}
          onChange={(days) => set("reissueDays", days)}
          error={problem}
        />
      )}
    </>
  );
}
