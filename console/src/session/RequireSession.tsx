import { Anchor, Center, Container, Loader, Text } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useLocation } from "react-router";
import { Failure } from "@/ui/Failure";
import { Card } from "./Card";
import { signInFrom } from "./door";
import { LEAVING, type Leave } from "./leave";
import { useSessionQuery } from "./session";

const Interrupted = lazy(async () => ({ default: (await import("./Interrupted")).Interrupted }));

/** Its children for a person who is signed in and has a project; the sign-in page for anybody else. A page that was open stays when the
 *  session ends, so that nothing that was written on it is lost. */
export function RequireSession({ children }: { children: ReactNode }) {
  const { data, error, isPending, refetch } = useSessionQuery();
  const { t } = useTranslation("session");
  const { pathname, search } = useLocation();
  if (isPending)
    return (
      <Center mih="100vh">
        <Loader aria-label="…" />
      </Center>
    );
  if (error)
    return (
      <Container component="main" size="sm" py="xl">
        <Failure error={error} onRetry={() => void refetch()} />
      </Container>
    );
  if (!data) return <Navigate to={signInFrom(pathname + search)} replace />;
  if (data.mustChangePassword && pathname !== "/password") return <Navigate to="/password" replace />;
  if (!data.project)
    return (
      <Card title={t("noProject")}>
        <Text>{t("noProjectHint")}</Text>
        <Anchor component={Link} to={LEAVING} state={{ act: "sign-out" } satisfies Leave}>
          {t("signOut")}
        </Anchor>
      </Card>
    );
  return (
    <>
      {children}
      <Suspense>{(data.hasEnded || data.isElsewhere) && <Interrupted session={data} />}</Suspense>
    </>
  );
}
