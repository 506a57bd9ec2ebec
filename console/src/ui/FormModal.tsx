import { Button, Group, Modal, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "./Failure";
import { showProblems } from "./forms";

type Props<Values> = {
  title: string;
  act: string;
  isOpen: boolean;
  onClose: () => void;
  form: UseFormReturnType<Values>;
  /** Does it; a refusal is shown at the fields that it names, and the form stays open. */
  onSubmit: (values: Values) => Promise<unknown>;
  size?: string;
  children: ReactNode;
};

/** A form in a window of its own: sends it once, shows what was refused where, closes when it is done. */
export function FormModal<Values extends Record<string, unknown>>(props: Props<Values>) {
  const { title, act, isOpen, onClose, form, onSubmit, size = "md", children } = props;
  const { t } = useTranslation("ui");
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const leave = () => {
    setError(null);
    form.reset();
    onClose();
  };
  const send = async (values: Values) => {
    setPending(true);
    setError(null);
    try {
      await onSubmit(values);
      leave();
    } catch (problem) {
      if (!showProblems(form, problem)) setError(problem);
    } finally {
      setPending(false);
    }
  };
  return (
    <Modal opened={isOpen} onClose={leave} title={title} size={size} closeButtonProps={{ "aria-label": t("close") }}>
      <form onSubmit={form.onSubmit((values) => void send(values as Values))}>
        <Stack>
          {error ? <Failure error={error} /> : null}
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={leave}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={isPending}>
              {act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
