import { Button, Grid, NavLink, ScrollArea, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useSession } from "@/session/session";
import { CodeEditor } from "@/ui/CodeEditor";
import { Failure } from "@/ui/Failure";
import { moment } from "@/ui/format";
import { done } from "@/ui/notices";
import type { Drafting, Message } from "./drafts";
import { languageName } from "./languageNames";

type Version = Schema<"messages_VersionView">;

type Props = { message: Message; drafting: Drafting; mayEdit: boolean };

/** What the message said before: each version's texts, and a way to write on from one of them. */
export function Versions({ message, drafting, mayEdit }: Props) {
  const { t } = useTranslation("messages");
  const { timeZone } = useSession().project;
  const [chosen, setChosen] = useState(message.version);
  const { data, error } = api.useQuery("get", "/v1/messages/{message}/versions", {
    params: { path: { message: message.key } },
  });
  if (error) return <Failure error={error} />;
  if (!data) return <Skeleton h={360} />;
  const shown = data.items.find(({ version }) => version === chosen);
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, sm: 4, lg: 3 }}>
        <ScrollArea.Autosize mah="70vh">
          {data.items.map(({ version, createdAt }) => (
            <NavLink
              key={version}
              component="button"
              label={t("versionN", { version })}
              description={moment(createdAt, timeZone)}
              active={version === chosen}
              onClick={() => setChosen(version)}
            />
          ))}
        </ScrollArea.Autosize>
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 8, lg: 9 }}>
        {shown && <VersionTexts version={shown} drafting={drafting} canTake={mayEdit && chosen !== message.version} />}
      </Grid.Col>
    </Grid>
  );
}

function VersionTexts({ version, drafting, canTake }: { version: Version; drafting: Drafting; canTake: boolean }) {
  const { t } = useTranslation("messages");
  const take = () => {
    const { languages, defaultLanguage, escapeHtml } = version;
    drafting.change({ languages, defaultLanguage, escapeHtml });
    done(t("taken", { version: version.version }));
  };
  return (
    <Stack>
      {canTake && (
        <Button w="fit-content" variant="default" onClick={take}>
          {t("take", { version: version.version })}
        </Button>
      )}
      {Object.entries(version.languages).map(([language, texts]) => (
        <Stack key={language} gap="xs">
          <Title order={2} size="h5">
            {languageName(language)}
          </Title>
          {Object.entries(texts).map(([name, text]) =>
            typeof text === "string" && text.includes("\n") ? (
              <CodeEditor
                key={`${version.version}:${name}`}
                label={name}
                value={text}
                language={name === "html" ? "html" : "text"}
                names={{ data: [], snippets: [], tags: [] }}
                maxHeight="40vh"
              />
            ) : (
              <div key={name}>
                <Text size="sm" fw={500}>
                  {name}
                </Text>
                <Text size="sm" className="tearoff-code">
                  {typeof text === "string" ? text : JSON.stringify(text)}
                </Text>
              </div>
            ),
          )}
        </Stack>
      ))}
    </Stack>
  );
}
