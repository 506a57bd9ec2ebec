import { ActionIcon, Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconPlayerStop, IconTestPipe } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { done } from "@/ui/notices";
import { DryRunDialog } from "../tests/DryRunDialog";
import { useDraft } from "./draft";
import { PublishDialog } from "./PublishDialog";
import { StopDialog } from "./StopDialog";

/** What can be done with the workflow as a whole. */
export function Acts() {
  const { t } = useTranslation("workflows");
  const { workflow, mayEdit, isDirty, isSaving, save } = useDraft();
  const [isPublishing, publishing] = useDisclosure();
  const [isStopping, stopping] = useDisclosure();
  const [isTrying, trying] = useDisclosure();
  // a refusal is shown above the canvas
  const keep = () =>
    void save().then(
      () => done(t("saved")),
      () => {},
    );
  if (!mayEdit) return null;
  return (
    <>
      <Button variant="default" disabled={!isDirty} loading={isSaving} onClick={keep}>
        {t("saveDraft")}
      </Button>
      <Button onClick={publishing.open}>{t("publish")}</Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={t("more")}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconTestPipe size={16} aria-hidden />} onClick={trying.open}>
            {t("dryRun.title")}
          </Menu.Item>
          {workflow.isActive && (
            <Menu.Item color="red" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={stopping.open}>
              {t("stop.act")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {isPublishing && <PublishDialog onClose={publishing.close} />}
      {isStopping && <StopDialog workflow={workflow.key} onClose={stopping.close} />}
      {isTrying && <DryRunDialog onClose={trying.close} />}
    </>
  );
}
