import { Anchor, Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";
import { EmptyState } from "@/ui/EmptyState";
import { Failure } from "@/ui/Failure";
import { Page } from "@/ui/Page";

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation("app");
  return (
    <Page title={t("notFound")}>
      <EmptyState title={t("notFoundHint")} action={<HomeLink />} />
    </Page>
  );
}

function HomeLink() {
  const { t } = useTranslation("app");
  return (
    <Anchor component={Link} to="/">
      {t("home")}
    </Anchor>
  );
}

/** A page that could not be shown: after an update of the server its parts are gone, and loading again helps. */
export function Broken() {
  const { t } = useTranslation("app");
  const error = useRouteError();
  return (
    <Page title={t("broken")}>
      <Failure error={error} />
      <Button onClick={() => window.location.reload()} w="fit-content">
        {t("reload")}
      </Button>
    </Page>
  );
}
