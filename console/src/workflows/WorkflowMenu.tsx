import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCopy, IconDots, IconHistory, IconPlayerStop, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { done } from "@/ui/notices";
import { blocksOf } from "./blocks";
import { StopDialog } from "./editor/StopDialog";
import { NewWorkflow } from "./NewWorkflow";

type Workflow = Schema<"WorkflowView">;

/** What can be done with a workflow from the list. */
export function WorkflowMenu({ workflow }: { workflow: Workflow }) {
  const { t } = useTranslation("workflows");
  const [isCopying, copying] = useDisclosure();
  const [isRemoving, removing] = useDisclosure();
  const [isStopping, stopping] = useDisclosure();
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t("actsOf", { name: workflow.name })}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component={Link}
            to={`/workflows/${encodeURIComponent(workflow.key)}/runs`}
            leftSection={<IconHistory size={16} aria-hidden />}
          >
            {t("tabs.runs")}
          </Menu.Item>
          <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={copying.open}>
            {t("duplicate")}
          </Menu.Item>
          {workflow.isActive && (
            <Menu.Item color="red" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={stopping.open}>
              {t("stop.act")}
            </Menu.Item>
          )}
          {workflow.version === 0 && (
            <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={removing.open}>
              {t("remove.act")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {isCopying && (
        <NewWorkflow
          isOpen
          onClose={copying.close}
          title={t("duplicate")}
          name={t("copyOf", { name: workflow.name })}
          blocks={blocksOf(workflow.blocks)}
        />
      )}
      {isStopping && <StopDialog workflow={workflow.key} onClose={stopping.close} />}
      {isRemoving && <Remove workflow={workflow} onClose={removing.close} />}
    </>
  );
}

function Remove({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const { t } = useTranslation("workflows");
  const remove = api.useMutation("delete", "/v1/workflows/{workflow}", {
    onSuccess: () => {
      done(t("remove.done", { name: workflow.name }));
      onClose();
    },
  });
  return (
    <ConfirmAct
      isOpen
      title={t("remove.title")}
      act={t("remove.act")}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { workflow: workflow.key } } })}
      onClose={onClose}
    >
      {t("remove.hint", { name: workflow.name, count: Object.keys(workflow.blocks).length })}
    </ConfirmAct>
  );
}
