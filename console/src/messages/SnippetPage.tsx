import { Alert, Badge, Button, Code, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { api, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problems";
import { useMayEdit } from "@/session/session";
import { CodeEditor } from "@/ui/CodeEditor";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { Failure } from "@/ui/Failure";
import { done } from "@/ui/notices";
import { Page } from "@/ui/Page";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import { useNames } from "./useNames";

type Snippet = Schema<"SnippetView">;

const ABOVE = "/snippets";

/** One snippet: its name, its text, and deleting it while nothing reads it. */
export function Component() {
  const { t } = useTranslation("messages");
  const { snippet = "" } = useParams();
  const query = api.useQuery("get", "/v1/snippets/{snippet}", { params: { path: { snippet } } });
  if (query.data) return <SnippetEditor key={query.data.id} snippet={query.data} />;
  return (
    <Page title={t("snippets.title")} above={[{ label: t("snippets.title"), to: ABOVE }]}>
      {query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton h={480} />}
    </Page>
  );
}

function SnippetEditor({ snippet }: { snippet: Snippet }) {
  const { t } = useTranslation("messages");
  const mayEdit = useMayEdit();
  const [name, setName] = useState(snippet.name);
  const [text, setText] = useState(snippet.text);
  const [isDeleting, deleting] = useDisclosure();
  const names = useNames();
  const path = { snippet: snippet.key };
  const save = api.useMutation("patch", "/v1/snippets/{snippet}", { onSuccess: () => done(t("saved")) });
  const isChanged = name !== snippet.name || text !== snippet.text;
  const problems = save.error instanceof ApiProblem ? save.error.errors : [];
  const at = (pointer: string) => problems.filter((one) => one.pointer === pointer).map(({ detail }) => detail);
  const put = () => save.mutate({ params: { path }, body: { name, text } });
  return (
    <Page
      title={snippet.name}
      badge={isChanged && <Badge color="yellow">{t("unsaved")}</Badge>}
      above={[{ label: t("snippets.title"), to: ABOVE }]}
      actions={
        mayEdit && (
          <>
            <Button variant="default" color="red" onClick={deleting.open}>
              {t("delete.button")}
            </Button>
            <Button disabled={!isChanged} loading={save.isPending} onClick={put}>
              {t("save")}
            </Button>
          </>
        )
      }
    >
      <UnsavedChanges isThere={isChanged} />
      <Stack maw={960}>
        <Alert variant="light">
          {t("snippets.how")} <Code>{`#parse('${snippet.name}')`}</Code>
        </Alert>
        {save.error && problems.length === 0 && <Failure error={save.error} />}
        <TextInput
          label={t("name")}
          readOnly={!mayEdit}
          value={name}
          error={at("/name").join(" ") || null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <CodeEditor
          label={t("snippets.text")}
          language="html"
          value={text}
          onChange={mayEdit ? setText : undefined}
          names={names}
          problems={at("/text")}
          minHeight="320px"
        />
        <Text size="sm" c="dimmed">
          {t("snippets.atOnce")}
        </Text>
      </Stack>
      <Deleting snippet={snippet} isOpen={isDeleting} onClose={deleting.close} />
    </Page>
  );
}

function Deleting({ snippet, isOpen, onClose }: { snippet: Snippet; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("messages");
  const navigate = useNavigate();
  const remove = api.useMutation("delete", "/v1/snippets/{snippet}", { onSuccess: () => navigate(ABOVE) });
  return (
    <ConfirmAct
      title={t("delete.title", { name: snippet.name })}
      act={t("delete.button")}
      isOpen={isOpen}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { snippet: snippet.key } } })}
      onClose={onClose}
    >
      {t("snippets.delete")}
    </ConfirmAct>
  );
}
