import { Badge, Button, Grid, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { api, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problems";
import { useMayEdit } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { Failure } from "@/ui/Failure";
import { done } from "@/ui/notices";
import { Page } from "@/ui/Page";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import { callOf, draftOf, type Source } from "./drafts";
import { Readers } from "./Readers";
import { SourceForm } from "./SourceForm";
import { SourceTest } from "./SourceTest";

/** One source: how it is called, a try of it, and what reads it. */
export function Component() {
  const { t } = useTranslation("sources");
  const { source = "" } = useParams();
  const query = api.useQuery("get", "/v1/sources/{source}", { params: { path: { source } } });
  if (query.data) return <SourceEditor key={query.data.id} source={query.data} />;
  return (
    <Page title={t("title")} above={[{ label: t("title"), to: "/sources" }]}>
      {query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton h={480} />}
    </Page>
  );
}

function SourceEditor({ source }: { source: Source }) {
  const { t } = useTranslation("sources");
  const mayEdit = useMayEdit();
  const [draft, setDraft] = useState(() => draftOf(source));
  const [isDeleting, deleting] = useDisclosure();
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(source));
  const path = { source: source.key };
  const save = api.useMutation("patch", "/v1/sources/{source}", { onSuccess: () => done(t("saved")) });
  const problems: Schema<"Problem">[] = save.error instanceof ApiProblem ? save.error.errors : [];
  const body = { name: draft.name, connector: draft.connector, ...callOf(draft) };
  return (
    <Page
      title={source.name}
      badge={
        isChanged && (
          <Badge color="yellow" variant="light" tt="none">
            {t("unsaved")}
          </Badge>
        )
      }
      above={[{ label: t("title"), to: "/sources" }]}
      actions={
        mayEdit && (
          <>
            <Button variant="default" c="var(--mantine-color-error)" onClick={deleting.open}>
              {t("delete.button")}
            </Button>
            <Button
              disabled={!isChanged}
              loading={save.isPending}
              onClick={() => save.mutate({ params: { path }, body })}
            >
              {t("save")}
            </Button>
          </>
        )
      }
    >
      <UnsavedChanges isThere={isChanged} />
      {save.error && problems.length === 0 && <Failure error={save.error} />}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <SourceForm draft={draft} onChange={mayEdit ? setDraft : undefined} problems={problems} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <SourceTest source={source} draft={draft} />
          <Readers source={source.key} />
        </Grid.Col>
      </Grid>
      <Deleting source={source} isOpen={isDeleting} onClose={deleting.close} />
    </Page>
  );
}

function Deleting({ source, isOpen, onClose }: { source: Source; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("sources");
  const navigate = useNavigate();
  const params = { path: { source: source.key } };
  const readers = api.useQuery("get", "/v1/sources/{source}/readers", { params }, { enabled: isOpen });
  const remove = api.useMutation("delete", "/v1/sources/{source}", { onSuccess: () => navigate("/sources") });
  return (
    <ConfirmAct
      title={t("delete.title", { name: source.name })}
      act={t("delete.button")}
      isOpen={isOpen}
      isPending={remove.isPending || !readers.data}
      error={remove.error ?? readers.error}
      onConfirm={() => remove.mutate({ params })}
      onClose={onClose}
    >
      {t("delete.what", { count: readers.data?.items.length ?? 0 })}
    </ConfirmAct>
  );
}
