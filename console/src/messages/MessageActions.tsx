import { Button, Menu } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconDots, IconSend } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, type Schema } from "@/api/client";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { Failure } from "@/ui/Failure";
import { done } from "@/ui/notices";
import type { Drafting, Message } from "./drafts";
import { TestSend } from "./TestSend";
import type { Sample } from "./usePreview";

type Props = {
  message: Message;
  drafting: Drafting;
  language: string;
  sample: Sample;
  problems: Schema<"Problem">[];
};

/** What can be done with a message: save it, send it as a test, delete it. */
export function MessageActions({ message, drafting, language, sample, problems }: Props) {
  const { t } = useTranslation("messages");
  const [isTesting, testing] = useDisclosure();
  const [isDeleting, deleting] = useDisclosure();
  const path = { message: message.key };
  const save = api.useMutation("patch", "/v1/messages/{message}", { onSuccess: () => done(t("saved")) });
  const canSave = drafting.isChanged && problems.length === 0;
  const put = () => canSave && save.mutate({ params: { path }, body: drafting.draft });
  useHotkeys([["mod+S", put]], []);
  return (
    <>
      {save.error && <Failure error={save.error} />}
      <Button variant="default" leftSection={<IconSend size={16} aria-hidden />} onClick={testing.open}>
        {t("test.button")}
      </Button>
      <Button
        disabled={!canSave}
        title={problems.length > 0 ? t("mendFirst", { count: problems.length }) : undefined}
        loading={save.isPending}
        onClick={put}
      >
        {t("save")}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px={10} aria-label={t("more")}>
            <IconDots size={16} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" onClick={deleting.open}>
            {t("delete.button")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <TestSend {...{ message, drafting, language, sample }} isOpen={isTesting} onClose={testing.close} />
      <Deleting message={message} isOpen={isDeleting} onClose={deleting.close} />
    </>
  );
}

function Deleting({ message, isOpen, onClose }: { message: Message; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("messages");
  const navigate = useNavigate();
  const remove = api.useMutation("delete", "/v1/messages/{message}", { onSuccess: () => navigate("/messages") });
  return (
    <ConfirmAct
      title={t("delete.title", { name: message.name })}
      act={t("delete.button")}
      isOpen={isOpen}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { message: message.key } } })}
      onClose={onClose}
    >
      {t("delete.what", { count: message.version, languages: Object.keys(message.languages).length })}
    </ConfirmAct>
  );
}
