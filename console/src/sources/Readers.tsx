import { Anchor, Card, List, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { Failure } from "@/ui/Failure";

const PAGES = { message: "/messages", snippet: "/snippets", source: "/sources" } as const;

/** What reads the source. */
export function Readers({ source }: { source: string }) {
  const { t } = useTranslation("sources");
  const { data, error } = api.useQuery("get", "/v1/sources/{source}/readers", { params: { path: { source } } });
  return (
    <Card withBorder component="section" aria-label={t("readers.title")}>
      <Title order={2} size="h4" mb="xs">
        {t("readers.title")}
      </Title>
      {error && <Failure error={error} />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("readers.none")}
        </Text>
      )}
      <List size="sm">
        {data?.items.map(({ noun, key, name }) => (
          <List.Item key={noun + key}>
            {t(`readers.${noun}`)}{" "}
            <Anchor component={Link} size="sm" to={`${PAGES[noun]}/${encodeURIComponent(key)}`}>
              {name}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Card>
  );
}
