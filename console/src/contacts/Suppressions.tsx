import { Badge, Button, Group, Select, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { type Column, Listing } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { SearchInput } from "@/ui/SearchInput";
import { When } from "@/ui/When";
import { ContactTabs } from "./ContactTabs";
import { NewSuppression } from "./NewSuppression";
import { KINDS, type Kind } from "./names";

type Suppression = Schema<"SuppressionView">;

/** Addresses that no message is ever sent to. */
export function Component() {
  const { t } = useTranslation("contacts");
  const mayEdit = useMayEdit();
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Suppression | null>(null);
  const [chosen, setKind] = useFilter("kind");
  const [q] = useFilter("q");
  const kind = KINDS.find((one) => one === chosen) ?? (q ? kindOf(q) : undefined);
  const query = useSuppressions(kind, q);
  const add = mayEdit && <Button onClick={() => setAdding(true)}>{t("suppressions.add")}</Button>;
  return (
    <Page title={t("title")} part={t("suppressions.title")} actions={add}>
      <ContactTabs value="suppressions" />
      <Text size="sm" c="dimmed" maw={640}>
        {t("suppressions.hint")}
      </Text>
      <Group>
        <SearchInput
          name="q"
          w={{ base: "100%", xs: 420 }}
          aria-label={t("suppressions.search")}
          placeholder={t("suppressions.search")}
        />
        <Select
          aria-label={t("suppressions.kind")}
          placeholder={t("suppressions.anyKind")}
          clearable
          value={chosen || null}
          data={KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          onChange={setKind}
        />
      </Group>
      <Listing
        caption={t("suppressions.title")}
        columns={useColumns(mayEdit, setRemoving)}
        query={query}
        rowKey={(row) => `${row.kind} ${row.value}`}
        empty={
          <EmptyState title={t(q || chosen ? "suppressions.notFound" : "suppressions.empty")}>
            {t(q || chosen ? "suppressions.notFoundHint" : "suppressions.emptyHint")}
          </EmptyState>
        }
      />
      <NewSuppression isOpen={isAdding} onClose={() => setAdding(false)} />
      {removing && <Remove row={removing} onClose={() => setRemoving(null)} />}
    </Page>
  );
}

/** What somebody types is a phone number when it begins as one. */
function kindOf(typed: string): Kind {
  return /^[+\d]/.test(typed) && !typed.includes("@") ? "sms" : "email";
}

function useSuppressions(kind: Kind | undefined, q: string) {
  const [after] = useFilter("after");
  return api.useQuery("get", "/v1/suppressions", {
    params: { query: { limit: 50, after: after || undefined, kind, q: q || undefined } },
  });
}

function useColumns(mayEdit: boolean, onRemove: (row: Suppression) => void): Column<Suppression>[] {
  const { t } = useTranslation("contacts");
  const columns: Column<Suppression>[] = [
    {
      head: t("suppressions.value"),
      cell: (row) => (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {row.value}
        </Text>
      ),
    },
    {
      head: t("suppressions.kind"),
      cell: ({ kind }) => <Badge variant="light">{t(`kinds.${kind as Kind}`)}</Badge>,
    },
    { head: t("suppressions.reason"), cell: (row) => <Text size="sm">{row.reason}</Text> },
    { head: t("suppressions.since"), cell: (row) => <When at={row.createdAt} /> },
  ];
  const acts: Column<Suppression> = {
    head: t("suppressions.act"),
    cell: (row) => (
      <Button size="compact-xs" variant="default" onClick={() => onRemove(row)}>
        {t("suppressions.remove")}
      </Button>
    ),
  };
  return mayEdit ? [...columns, acts] : columns;
}

function Remove({ row, onClose }: { row: Suppression; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const remove = api.useMutation("delete", "/v1/suppressions", { onSuccess: onClose });
  return (
    <ConfirmAct
      title={t("suppressions.removeTitle", { value: row.value })}
      act={t("suppressions.remove")}
      isOpen
      isPending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate({ params: { query: { kind: row.kind as Kind, value: row.value } } })}
    >
      {t("suppressions.removeHint", { reason: row.reason })}
    </ConfirmAct>
  );
}
