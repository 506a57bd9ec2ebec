import { Anchor, Badge, Button, SegmentedControl, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { When } from "@/ui/When";
import { LevelBadge } from "./LevelBadge";

type Problem = Schema<"ProblemView">;

/** Every problem; closing one says that somebody has seen to it. */
export function Component() {
  const { t } = useTranslation("overview");
  const mayEdit = useMayEdit();
  const [state, setState] = useFilter("state");
  const shown = state === "closed" ? "closed" : "open";
  const query = api.useQuery("get", "/v1/problems", { params: { query: { state: shown, after: useAfter() } } });
  const close = api.useMutation("post", "/v1/problems/{problem_id}/close");
  const columns: Column<Problem>[] = [
    { head: t("level"), cell: (problem) => <LevelBadge level={problem.level} /> },
    {
      head: t("pool"),
      cell: (problem) =>
        problem.pool ? (
          <Anchor component={Link} to={`/pools/${problem.pool}`}>
            {problem.pool}
          </Anchor>
        ) : (
          <Badge variant="light">{t(`kinds.${problem.kind}`)}</Badge>
        ),
    },
    {
      head: t("what"),
      cell: (problem) => (
        <Text size="sm" miw={240} style={{ overflowWrap: "anywhere" }}>
          {problem.detail}
        </Text>
      ),
    },
    { head: t("since"), cell: (problem) => <When at={problem.openedAt} /> },
    { head: t("last"), cell: (problem) => <When at={problem.lastAt} /> },
    {
      head: t("act"),
      cell: (problem) =>
        problem.state === "open" && mayEdit ? (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => close.mutate({ params: { path: { problem_id: problem.id } } })}
          >
            {t("close")}
          </Button>
        ) : (
          problem.closedBy
        ),
    },
  ];
  return (
    <Page title={t("problems")} above={[{ label: t("title"), to: "/" }]}>
      <Stack>
        <SegmentedControl
          w="fit-content"
          value={shown}
          aria-label={t("state")}
          data={(["open", "closed"] as const).map((value) => ({ value, label: t(value) }))}
          onChange={setState}
        />
        <Listing
          caption={t("problems")}
          columns={columns}
          query={query}
          rowKey={(problem) => problem.id}
          empty={<EmptyState title={t("nothing")}>{t("nothingHint")}</EmptyState>}
        />
      </Stack>
    </Page>
  );
}
