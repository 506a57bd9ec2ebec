import { SimpleGrid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { Page } from "@/ui/Page";
import { FirstSteps } from "./FirstSteps";
import { Needs } from "./Needs";
import { PoolStock } from "./PoolStock";
import { Today } from "./Today";

const POOLS_SHOWN = 20;

/** What needs a person now, how far the stock goes, and what went out today. */
export function Component() {
  const { t } = useTranslation("overview");
  const mayEdit = useMayEdit();
  const stock = api.useQuery("get", "/v1/stock", { params: { query: { limit: POOLS_SHOWN } } });
  const workflows = api.useQuery("get", "/v1/workflows", { params: { query: { limit: 1 } } });
  const messages = api.useQuery("get", "/v1/messages", { params: { query: { limit: 1 } } });
  const isNew = workflows.data?.items.length === 0 && mayEdit;
  return (
    <Page title={t("title")}>
      {stock.error ? <Failure error={stock.error} onRetry={() => void stock.refetch()} /> : null}
      {isNew && (
        <FirstSteps hasPools={Boolean(stock.data?.items.length)} hasMessages={Boolean(messages.data?.items.length)} />
      )}
      <Stack gap="xl">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <Needs />
          <Today />
        </SimpleGrid>
        <PoolStock query={stock} />
      </Stack>
    </Page>
  );
}
