import type { UseFormReturnType } from "@mantine/form";
import { ApiProblem } from "@/api/problems";

/** Put the API's problems at the fields they name; true when each found its field, so that no alert is needed. */
export function showProblems<Values>(form: UseFormReturnType<Values>, error: unknown): boolean {
  if (!(error instanceof ApiProblem) || error.errors.length === 0) return false;
  const fields = error.fields();
  form.setErrors(fields);
  return Object.keys(fields).every((field) => field in (form.getValues() as object));
}
