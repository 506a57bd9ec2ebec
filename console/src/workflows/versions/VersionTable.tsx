import { Badge, Button, Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, type Schema } from "@/api/client";
import { queries } from "@/api/queries";
import { useMayEdit } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import { done } from "@/ui/notices";
import { When } from "@/ui/When";
import { blocksOf } from "../blocks";

type Version = Schema<"workflows_VersionView">;
type Props = { workflow: Schema<"WorkflowView">; versions: Version[] };

/** The versions, the newest first; any can become the draft again. */
export function VersionTable({ workflow, versions }: Props) {
  const { t } = useTranslation("workflows");
  const mayEdit = useMayEdit();
  const navigate = useNavigate();
  const restore = api.useMutation("patch", "/v1/workflows/{workflow}", {
    // whoever presses again after the refusal knows of the other draft
    onError: () => void queries.invalidateQueries({ queryKey: ["get", "/v1/workflows/{workflow}"] }),
    onSuccess: () => {
      done(t("versions.restored"));
      navigate(`/workflows/${encodeURIComponent(workflow.key)}`);
    },
  });
  const take = ({ blocks }: Version) =>
    restore.mutate({
      params: { path: { workflow: workflow.key } },
      body: { blocks: blocksOf(blocks), draftVersion: workflow.draftVersion },
    });
  return (
    <Table.ScrollContainer minWidth={560}>
      {restore.error ? <Failure error={restore.error} /> : null}
      <Table aria-label={t("tabs.versions")} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("versions.version")}</Table.Th>
            <Table.Th scope="col">{t("publishedAt")}</Table.Th>
            <Table.Th scope="col">{t("parameters.eventType")}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t("versions.blocks")}
            </Table.Th>
            {mayEdit && <Table.Th scope="col">{t("acts")}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map((each) => (
            <Table.Tr key={each.version}>
              <Table.Td>
                {each.version}{" "}
                {each.version === workflow.version && workflow.isActive && (
                  <Badge size="sm" color="teal" variant="light">
                    {t("versions.live")}
                  </Badge>
                )}
              </Table.Td>
              <Table.Td>
                <When at={each.publishedAt} />
              </Table.Td>
              <Table.Td>{each.eventType}</Table.Td>
              <Table.Td ta="right">{number(Object.keys(each.blocks).length)}</Table.Td>
              {mayEdit && (
                <Table.Td>
                  <Button size="compact-sm" variant="subtle" loading={restore.isPending} onClick={() => take(each)}>
                    {t("versions.restore", { version: each.version })}
                  </Button>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
