import { Anchor, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { pathOf } from "@/pools/pool";
import { When } from "@/ui/When";
import type { Code } from "./code";

/** What a code is: its pool, its worth, its windows, its owner. */
export function CodeFacts({ code }: { code: Code }) {
  const { t } = useTranslation("codes");
  const owner = code.claims.find(({ returnedAt }) => returnedAt === null);
  const link = (to: string, words: string) => (
    <Anchor component={Link} to={to} size="sm">
      {words}
    </Anchor>
  );
  const lines: [string, ReactNode][] = [
    [t("pool"), link(pathOf(code.pool), code.pool)],
    [
      t("owner"),
      owner?.contactId
        ? link(`/contacts/${owner.contactId}`, t("contact", { id: owner.contactId }))
        : owner
          ? owner.key
          : t("nobody"),
    ],
    [t("discount"), code.discount === null ? "–" : t("percent", { count: code.discount })],
    [t("issueFrom"), <When key="at" at={code.issueFrom} />],
    [t("issueUntil"), <When key="at" at={code.issueUntil} />],
    [t("useFrom"), <When key="at" at={code.useFrom} />],
    [t("usableUntil"), <When key="at" at={code.expiresAt} />],
    [t("task"), code.taskId ? link(`/tasks/${code.taskId}`, t("taskLink", { id: code.taskId })) : "–"],
  ];
  return (
    <>
      <Title order={2} size="h4" mb="sm">
        {t("facts")}
      </Title>
      <Table aria-label={t("facts")} verticalSpacing={4} withRowBorders={false}>
        <Table.Tbody>
          {lines.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed" w={180}>
                {name}
              </Table.Th>
              <Table.Td>
                <Text component="div" size="sm">
                  {value}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
