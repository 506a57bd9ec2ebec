import { useTranslation } from "react-i18next";
import { type Block, textOf } from "./blocks";
import { filterText } from "./fields/filters";
import { isParameter } from "./fields/parameterNames";
import { KINDS } from "./kinds";

/** What a block is set to, in lines for a person: `Email: ${EmailAddress}`. */
export function useSummary(block: Block): string[] {
  const { t } = useTranslation("workflows");
  return KINDS[block.kind].shown.flatMap((parameter) => {
    const value = block[parameter];
    if (value === undefined || !isParameter(parameter)) return [];
    const text = parameter === "filter" ? filterText(value, (is) => t(`comparisons.${is}`)) : textOf(value);
    return text ? [`${t(`parameters.${parameter}`)}: ${text}`] : [];
  });
}
