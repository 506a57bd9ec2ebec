import { useTranslation } from "react-i18next";
import { textOf } from "../blocks";
import { useEditing, useProblem } from "../kinds/editing";
import { type Choice, ParameterInput } from "./ParameterInput";
import type { ParameterName } from "./parameterNames";

type Props = {
  parameter: ParameterName;
  choices?: Choice[];
  description?: string;
  isNeeded?: boolean;
  /** `${name}` may not stand here. */
  isConstant?: boolean;
};

/** The input of one parameter of the block whose form this is. */
export function ParameterField({ parameter, choices, description, isNeeded, isConstant }: Props) {
  const { t } = useTranslation("workflows");
  const { block, set, names } = useEditing();
  const problem = useProblem(parameter);
  return (
    <ParameterInput
      label={t(`parameters.${parameter}`)}
      description={description}
      isNeeded={isNeeded}
      value={textOf(block[parameter])}
      onChange={(text) => set(parameter, text)}
      choices={choices}
      names={isConstant ? undefined : names}
      error={problem}
    />
  );
}
