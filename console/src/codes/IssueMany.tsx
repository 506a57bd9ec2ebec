import { Anchor, Button, FileInput, SegmentedControl, Select, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { type Pool, useStock } from "@/pools/pool";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { number } from "@/ui/format";
import { useOnceKey } from "@/ui/onceKey";
import { TaskProgress } from "@/ui/TaskProgress";
import { ContactFilter } from "./ContactFilter";
import { issueToMany, NOBODY_YET } from "./issuing";

/** A code each for the contacts of a filter or of a list, as a task. */
export function IssueMany({ pool }: { pool: Pool }) {
  const { t } = useTranslation("codes");
  const [isAsking, { open, close }] = useDisclosure();
  const { data: stock } = useStock(pool.key);
  const { data: fields } = api.useQuery("get", "/v1/fields");
  const form = useForm({ initialValues: NOBODY_YET });
  const once = useOnceKey();
  const issue = useMutation({
    mutationFn: () => issueToMany(pool.id, form.values, once.header),
    onSuccess: close,
    onSettled: (_, error) => once.settle(error),
  });
  return (
    <form onSubmit={form.onSubmit(open)}>
      <Stack>
        <SegmentedControl
          w="fit-content"
          aria-label={t("by")}
          data={[
            { value: "filter", label: t("byFilter") },
            { value: "list", label: t("byList") },
          ]}
          {...form.getInputProps("by")}
        />
        {form.values.by === "filter" ? (
          <ContactFilter form={form} />
        ) : (
          <FileInput
            label={t("list")}
            placeholder={t("chooseFile")}
            accept=".csv,text/csv,text/plain"
            required
            {...form.getInputProps("list")}
          />
        )}
        <Select
          label={t("saveToField")}
          data={[
            { value: "", label: t("noField") },
            ...(fields?.items.map(({ key, name }) => ({ value: key, label: name || key })) ?? []),
          ]}
          allowDeselect={false}
          {...form.getInputProps("saveToField")}
        />
        <Button type="submit" w="fit-content">
          {t("issueMany")}
        </Button>
        {issue.data && (
          <>
            <TaskProgress id={issue.data.id} label={t("started", { id: issue.data.id })} />
            <Anchor component={Link} to={`/tasks/${issue.data.id}`} size="sm">
              {t("taskLink", { id: issue.data.id })}
            </Anchor>
          </>
        )}
      </Stack>
      <ConfirmAct
        title={t("manyConfirmTitle")}
        act={t("issueMany")}
        isOpen={isAsking}
        isPending={issue.isPending}
        error={issue.error}
        onConfirm={() => issue.mutate()}
        onClose={close}
      >
        {t("manyConfirm", { available: number(stock?.available ?? 0) })}
      </ConfirmAct>
    </form>
  );
}
