import { Anchor, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { client, type Schema } from "@/api/client";
import { queries, SESSION } from "@/api/queries";
import { projectHere, stayIn } from "@/api/standing";
import { Failure } from "@/ui/Failure";
import { signInFrom } from "./door";

type Visit = Schema<"SessionView"> & { hasEnded?: boolean };

/** Stands before a page whose session ended, or whose project is no longer the open one, and leads back without loss. */
export function Interrupted({ session }: { session: Visit }) {
  const { t } = useTranslation("session");
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t(session.hasEnded ? "ended" : "elsewhere")}
    >
      {session.hasEnded ? <Ended /> : <Elsewhere session={session} />}
    </Modal>
  );
}

function Ended() {
  const { t } = useTranslation("session");
  const { pathname, search } = useLocation();
  return (
    <Stack>
      <Text size="sm">{t("endedHint")}</Text>
      <Anchor href={signInFrom(pathname + search)} target="_blank" rel="noreferrer" size="sm" data-autofocus>
        {t("signInBeside")}
      </Anchor>
      <Group justify="flex-end">
        <Button onClick={() => void queries.invalidateQueries({ queryKey: SESSION })}>{t("goOn")}</Button>
      </Group>
    </Stack>
  );
}

function Elsewhere({ session }: { session: Visit }) {
  const { t } = useTranslation("session");
  const mine = session.projects.find(({ id }) => id === projectHere());
  const back = useMutation({
    mutationFn: (projectId: number) => client.PUT("/v1/session/project", { body: { projectId } }),
    onSuccess: () => queries.invalidateQueries(),
  });
  const follow = () => {
    stayIn(undefined);
    window.location.assign("/");
  };
  return (
    <Stack>
      <Text size="sm">{t("elsewhereHint", { project: session.project?.name })}</Text>
      {back.error && <Failure error={back.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={follow}>
          {t("open", { project: session.project?.name })}
        </Button>
        {mine && (
          <Button loading={back.isPending} onClick={() => back.mutate(mine.id)}>
            {t("backTo", { project: mine.name })}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
