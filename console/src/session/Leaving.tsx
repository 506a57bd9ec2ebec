import { Center, Loader } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation, useNavigate } from "react-router";
import { client } from "@/api/client";
import { SESSION } from "@/api/queries";
import { stayIn } from "@/api/standing";
import { Failure } from "@/ui/Failure";
import { Card } from "./Card";
import type { Leave } from "./leave";

/** Opens another project or signs out, and goes on from there. */
export function Leaving() {
  const { t } = useTranslation("session");
  const wanted = useLocation().state as Leave | null;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: async (leave: Leave) => {
      if (leave.act === "open") {
        await client.PUT("/v1/session/project", { body: { projectId: leave.project } });
        stayIn(leave.project);
        await queries.resetQueries();
        navigate("/", { replace: true });
      } else {
        await client.DELETE("/v1/session");
        queries.clear();
        queries.setQueryData(SESSION, null);
        navigate("/sign-in", { replace: true });
      }
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each coming
  useEffect(() => {
    if (wanted) leave.mutate(wanted);
  }, []);
  if (!wanted) return <Navigate to="/" replace />;
  return (
    <Card title={t(wanted.act === "open" ? "project" : "signOut")}>
      {leave.error ? (
        <Failure error={leave.error} onRetry={() => leave.mutate(wanted)} />
      ) : (
        <Center>
          <Loader aria-label="…" />
        </Center>
      )}
    </Card>
  );
}
