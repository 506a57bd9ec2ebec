import { Alert, Button, Group, Modal, NumberInput, Skeleton, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, client } from "@/api/client";
import { queries } from "@/api/queries";
import { Failure } from "@/ui/Failure";
import { done } from "@/ui/notices";
import { Demands } from "../tests/Demands";
import { useDraft } from "./draft";
import { MeanwhileNote } from "./MeanwhileNote";
import { ProblemList } from "./ProblemList";

const PAUSE_MS = 300;
const STORED = ["get", "/v1/workflows/{workflow}"];

/** Compares the stock with the runs that are expected, and makes the draft the live version. */
export function PublishDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("workflows");
  const { t: ui } = useTranslation("ui");
  const { workflow, problems, isDirty, save } = useDraft();
  const publish = api.useMutation("post", "/v1/workflows/{workflow}/publish");
  const [isSaved, setSaved] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || isSaved) return;
    begun.current = true;
    // what is published is the stored draft, so it is read anew, or written, before anybody presses the button
    const settled = isDirty ? save() : queries.invalidateQueries({ queryKey: STORED });
    settled.then(() => setSaved(true), setFailure);
  }, [isSaved, isDirty, save]);
  // one of two drafts was chosen here, so the other one stands in nobody's way any more
  useEffect(() => {
    if (!failure || isDirty) return;
    begun.current = false;
    setFailure(null);
  }, [failure, isDirty]);
  const act = async () => {
    const { version } = await publish.mutateAsync({ params: { path: { workflow: workflow.key } } });
    done(t("published", { version }));
    onClose();
  };
  const isReady = isSaved && problems.length === 0;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("publishTitle")}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <Stack>
        <MeanwhileNote />
        {problems.length > 0 ? <Stopped onGo={onClose} /> : <Text size="sm">{t("publishHint")}</Text>}
        {problems.length === 0 && (isSaved ? <LaunchCheck workflow={workflow.key} /> : <Skeleton h={120} />)}
        {failure || publish.error ? <Failure error={failure ?? publish.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button disabled={!isReady} loading={publish.isPending} onClick={() => void act().catch(() => {})}>
            {t("publish")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Stopped({ onGo }: { onGo: () => void }) {
  const { t } = useTranslation("workflows");
  const { show, problems } = useDraft();
  const look = () => {
    show("problems");
    onGo();
  };
  return (
    <Alert color="red" title={t("problems.count", { count: problems.length })}>
      <Stack gap="sm" align="flex-start">
        <ProblemList />
        <Button size="xs" variant="default" onClick={look}>
          {t("problems.show")}
        </Button>
      </Stack>
    </Alert>
  );
}

function LaunchCheck({ workflow }: { workflow: string }) {
  const { t } = useTranslation("workflows");
  const [typed, setTyped] = useState<number | string>("");
  const [expected] = useDebouncedValue(typed === "" ? null : Number(typed), PAUSE_MS);
  const { data, error } = useQuery({
    queryKey: ["launch-check", workflow, expected],
    queryFn: async () =>
      (
        await client.POST("/v1/workflows/{workflow}/demand", {
          params: { path: { workflow } },
          body: { expected },
        })
      ).data,
    placeholderData: keepPreviousData,
  });
  if (error) return <Failure error={error} />;
  if (!data) return <Skeleton h={120} />;
  if (data.demands.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("demand.none")}
      </Text>
    );
  return (
    <Stack gap="sm">
      <NumberInput
        label={t("demand.expected")}
        description={t("demand.hint")}
        placeholder={String(data.demands[0]?.expected ?? "")}
        min={0}
        allowDecimal={false}
        thousandSeparator=" "
        maw={280}
        value={typed}
        onChange={setTyped}
      />
      <Demands demands={data.demands} isEnough={data.isEnough} />
    </Stack>
  );
}
