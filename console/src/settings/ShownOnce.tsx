import { Alert, Code, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyValue } from "@/ui/CopyValue";

type Props = { title: string; value: string; hint: string; onClose: () => void };

/** Something that is shown only now, with a way to copy it. */
export function ShownOnce({ title, value, hint, onClose }: Props) {
  const { t } = useTranslation("settings");
  return (
    <Alert color="teal" title={title} withCloseButton onClose={onClose} closeButtonLabel={t("close")}>
      <Group my={4}>
        <Code style={{ wordBreak: "break-all" }}>{value}</Code>
        <CopyValue value={value} />
      </Group>
      <Text size="sm">{hint}</Text>
    </Alert>
  );
}
