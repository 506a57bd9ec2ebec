import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { FilterEditor } from "../fields/FilterEditor";
import { ParameterField } from "../fields/ParameterField";

/** Which events start the workflow. */
export function StartForm() {
  const { t } = useTranslation("workflows");
  const kinds = api.useQuery("get", "/v1/event-types");
  const choices = (kinds.data?.items ?? []).map(({ key, name, description }) => ({
    value: key,
    hint: name && name !== key ? name : description,
  }));
  return (
    <>
      <ParameterField parameter="eventType" choices={choices} description={t("hints.eventType")} isNeeded isConstant />
      <FilterEditor />
    </>
  );
}
