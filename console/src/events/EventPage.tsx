import { Anchor, Badge, Card, Grid, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { Page } from "@/ui/Page";
import { ValueTree } from "@/ui/ValueTree";
import { When } from "@/ui/When";
import { Why } from "./Why";

/** One event: what it said, which runs it started, and why others did not start. */
export function Component() {
  const { t } = useTranslation("events");
  const { event = "" } = useParams();
  const params = { path: { event_id: Number(event) } };
  const query = api.useQuery("get", "/v1/events/{event_id}", { params });
  const above = [{ label: t("title"), to: "/events" }];
  const found = query.data;
  if (!found) {
    return (
      <Page title={t("title")} above={above}>
        {query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton h={480} />}
      </Page>
    );
  }
  return (
    <Page title={found.eventType} badge={<Badge variant="default">#{found.id}</Badge>} above={above}>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Card withBorder component="section" aria-label={t("body")}>
            <Stack gap="sm">
              <Title order={2} size="h4">
                {t("body")}
              </Title>
              <Group gap="xl">
                <Fact name={t("receivedAt")}>
                  <When at={found.receivedAt} />
                </Fact>
                <Fact name={t("keyValue")}>
                  <Text size="sm">{found.keyValue || "–"}</Text>
                </Fact>
                <Fact name={t("type")}>
                  <Anchor component={Link} size="sm" to={`/event-types/${encodeURIComponent(found.eventType)}`}>
                    {found.eventType}
                  </Anchor>
                </Fact>
              </Group>
              <ValueTree value={found.params} label={t("params")} />
            </Stack>
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Why eventId={found.id} />
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      {children}
    </div>
  );
}
