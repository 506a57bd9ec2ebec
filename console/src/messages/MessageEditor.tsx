import { Badge, Grid, Tabs } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMayEdit } from "@/session/session";
import { Page } from "@/ui/Page";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import { type Message, useDraft } from "./drafts";
import { LanguageBar } from "./LanguageBar";
import { MediumBadge } from "./MediumBadge";
import { MessageActions } from "./MessageActions";
import { MessageSettings } from "./MessageSettings";
import { PreviewPane } from "./PreviewPane";
import { TextFields } from "./TextFields";
import { useNames } from "./useNames";
import { problemsAt, type Sample, usePreview, useProblems } from "./usePreview";
import { Versions } from "./Versions";

/** The writing of a message: its texts by language, its settings, its versions, and the preview beside them. */
export function MessageEditor({ message }: { message: Message }) {
  const { t } = useTranslation("messages");
  const mayEdit = useMayEdit();
  const drafting = useDraft(message);
  const [chosen, setLanguage] = useState(message.defaultLanguage);
  const [sample, setSample] = useState<Sample>({});
  const { draft } = drafting;
  const language = chosen in draft.languages ? chosen : draft.defaultLanguage;
  const problems = useProblems(message.key, draft);
  const preview = usePreview(message.key, draft, language, sample);
  const names = useNames();
  const rendered = (preview.data?.language === language && preview.data.problems) || [];
  const problemsOf = (name: string) => [
    ...new Set([...problemsAt(problems, language, name), ...problemsAt(rendered, language, name)]),
  ];
  const languageBar = (
    <LanguageBar
      drafting={drafting}
      language={language}
      onChoose={setLanguage}
      problemsIn={(code) => problems.filter(({ pointer }) => pointer.startsWith(`/languages/${code}/`)).length}
      mayEdit={mayEdit}
    />
  );
  return (
    <Page
      title={draft.name}
      badge={<MessageBadges message={message} isChanged={drafting.isChanged} />}
      above={[{ label: t("title"), to: "/messages" }]}
      actions={mayEdit && <MessageActions {...{ message, drafting, language, sample, problems }} />}
    >
      <UnsavedChanges isThere={drafting.isChanged} />
      <Tabs defaultValue="texts" keepMounted={false}>
        <Tabs.List mb="md">
          {(["texts", "settings", "versions"] as const).map((tab) => (
            <Tabs.Tab key={tab} value={tab}>
              {t(`tabs.${tab}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="texts">
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, lg: 7 }}>
              {languageBar}
              <TextFields
                key={language}
                medium={message.medium}
                texts={draft.languages[language] ?? {}}
                onChange={mayEdit ? (texts) => drafting.changeTexts(language, texts) : undefined}
                names={names}
                problemsOf={problemsOf}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5 }}>
              <PreviewPane medium={message.medium} preview={preview} onSample={setSample} />
            </Grid.Col>
          </Grid>
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <MessageSettings {...{ message, drafting, problems, mayEdit }} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Versions {...{ message, drafting, mayEdit }} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function MessageBadges({ message, isChanged }: { message: Message; isChanged: boolean }) {
  const { t } = useTranslation("messages");
  return (
    <>
      <MediumBadge medium={message.medium} />
      <Badge variant="default" tt="none">
        {t("versionN", { version: message.version })}
      </Badge>
      {isChanged && (
        <Badge color="yellow" variant="light" tt="none">
          {t("unsaved")}
        </Badge>
      )}
    </>
  );
}
