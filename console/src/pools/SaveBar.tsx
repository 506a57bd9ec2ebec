import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { Failure } from "@/ui/Failure";

type Props = { isPending: boolean; error: unknown; warnings: Schema<"Problem">[]; label?: string };

/** The end of a form of settings: what was refused, what the change may break elsewhere, and the button. */
export function SaveBar({ isPending, error, warnings, label }: Props) {
  const { t } = useTranslation("pools");
  const mayEdit = useMayEdit();
  return (
    <Stack>
      {error ? <Failure error={error} /> : null}
      {warnings.map(({ pointer, detail }) => (
        <Alert key={pointer} color="orange" role="status">
          <Text size="sm">{detail}</Text>
        </Alert>
      ))}
      {mayEdit && (
        <Group>
          <Button type="submit" loading={isPending}>
            {label ?? t("save")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
