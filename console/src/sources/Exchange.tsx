import { Button, Code, Collapse, Stack, Table, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

type Props = { title: string; headers: Record<string, string>; body: string; children: ReactNode };

/** A request or an answer: its first line, its body, and its headers on demand. */
export function Exchange({ title, headers, body, children }: Props) {
  const { t } = useTranslation("sources");
  const [isOpen, { toggle }] = useDisclosure();
  const rows = Object.entries(headers);
  return (
    <Stack gap={6} component="section" aria-label={title}>
      <Title order={3} size="h6">
        {title}
      </Title>
      {children}
      <Button variant="subtle" size="compact-xs" w="fit-content" aria-expanded={isOpen} onClick={toggle}>
        {t("headers.count", { count: rows.length })}
      </Button>
      <Collapse expanded={isOpen}>
        <Table verticalSpacing={2} aria-label={t("headers.title")}>
          <Table.Tbody>
            {rows.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Collapse>
      {body && (
        <Code block mah={240} tabIndex={0} aria-label={t("bodyOf", { title })} style={{ overflow: "auto" }}>
          {body}
        </Code>
      )}
    </Stack>
  );
}
