import { Box, Grid, Stack } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { ReactFlowProvider } from "@xyflow/react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api, type Schema } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { done } from "@/ui/notices";
import { Page } from "@/ui/Page";
import { UnsavedChanges } from "@/ui/UnsavedChanges";
import { Canvas } from "../canvas/Canvas";
import classes from "../canvas/canvas.module.css";
import { Palette } from "../canvas/Palette";
import { StateBadge } from "../StateBadge";
import { WorkflowSkeleton } from "../WorkflowSkeleton";
import { WorkflowTabs } from "../WorkflowTabs";
import { Acts } from "./Acts";
import { DraftContext } from "./draft";
import { MeanwhileNote } from "./MeanwhileNote";
import { SidePanel } from "./SidePanel";
import { Toolbar } from "./Toolbar";
import { useNewDraft } from "./useNewDraft";

// what the server refuses is shown above the canvas
const ignored = () => {};

/** The page on which a workflow is built. */
export function Component() {
  const { t } = useTranslation("workflows");
  const { workflow = "" } = useParams();
  const query = api.useQuery("get", "/v1/workflows/{workflow}", { params: { path: { workflow } } });
  const above = [{ label: t("title"), to: "/workflows" }];
  if (query.data) return <Editor key={query.data.id} workflow={query.data} />;
  return (
    <Page title={workflow} above={above}>
      {query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <WorkflowSkeleton />}
    </Page>
  );
}

function Editor({ workflow }: { workflow: Schema<"WorkflowView"> }) {
  const { t } = useTranslation("workflows");
  const draft = useNewDraft(workflow);
  // letters typed into an input are the input's own to undo
  useHotkeys([
    ["mod+Z", draft.undo],
    ["mod+shift+Z", draft.redo],
    ["mod+Y", draft.redo],
  ]);
  const keep = () => {
    if (draft.mayEdit && draft.isDirty) draft.save().then(() => done(t("saved")), ignored);
  };
  useHotkeys([["mod+S", keep]], []);
  return (
    <DraftContext value={draft}>
      <ReactFlowProvider>
        <Page
          title={workflow.name}
          above={[{ label: t("title"), to: "/workflows" }]}
          badge={<StateBadge workflow={workflow} />}
          actions={<Acts />}
        >
          <WorkflowTabs workflow={workflow.key} value="build" />
          <MeanwhileNote />
          {draft.failure ? <Failure error={draft.failure} /> : null}
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 8 }}>
              <Stack gap="xs">
                {draft.mayEdit && <Palette />}
                <Box
                  h={{ base: 320, md: "calc(100vh - 300px)" }}
                  mih={{ base: 320, md: 420 }}
                  className={classes.frame}
                >
                  <Canvas />
                </Box>
                <Toolbar />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 4 }}>
              <SidePanel />
            </Grid.Col>
          </Grid>
          <UnsavedChanges isThere={draft.isDirty} />
        </Page>
      </ReactFlowProvider>
    </DraftContext>
  );
}
