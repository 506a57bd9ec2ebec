import { type UseFormReturnType, useForm } from "@mantine/form";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { showProblems } from "@/ui/forms";
import { done } from "@/ui/notices";
import type { Pool } from "./pool";

type Patch = Schema<"PoolPatch">;

type PoolForm<Values> = {
  form: UseFormReturnType<Values>;
  save: (event: React.FormEvent<HTMLFormElement>) => void;
  isPending: boolean;
  /** What was refused and names no field of the form. */
  error: unknown;
  /** What the change just made may break elsewhere. */
  warnings: Schema<"Problem">[];
};

/** A form over some settings of a pool that saves them as a patch. */
export function usePoolForm<Values extends object>(
  pool: Pool,
  initialValues: Values,
  patchOf: (values: Values) => Patch,
  onSaved?: (saved: Pool) => void,
): PoolForm<Values> {
  const { t } = useTranslation("pools");
  const form = useForm<Values>({ initialValues });
  const change = api.useMutation("patch", "/v1/pools/{pool}", {
    onSuccess: (saved) => {
      // before anything moves the page, so that nothing unsaved is left to ask about
      flushSync(() => form.resetDirty());
      done(t("saved"));
      onSaved?.(saved);
    },
    onError: (error) => showProblems(form, error),
  });
  const isAtFields =
    Object.keys(form.errors).length > 0 && Object.keys(form.errors).every((name) => name in initialValues);
  return {
    form,
    save: form.onSubmit((values) =>
      change.mutate({ params: { path: { pool: String(pool.id) } }, body: patchOf(values as Values) }),
    ),
    isPending: change.isPending,
    error: change.error && !isAtFields ? change.error : null,
    warnings: change.data?.warnings ?? [],
  };
}
