import { Card as Box, Center, Stack, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { FormEventHandler, ReactNode } from "react";

/** The card in the middle of a page that stands outside the menu; with `onSubmit` it is a form. */
export function Card(props: { title: string; onSubmit?: FormEventHandler<HTMLFormElement>; children: ReactNode }) {
  const { title, onSubmit, children } = props;
  useDocumentTitle(`${title} · Tearoff`);
  const parts = (
    <Stack>
      <Title order={1} size="h2">
        {title}
      </Title>
      {children}
    </Stack>
  );
  return (
    <Center component="main" mih="100vh" p="md">
      <Box withBorder shadow="sm" w="100%" maw={400} p="xl">
        {onSubmit ? <form onSubmit={onSubmit}>{parts}</form> : parts}
      </Box>
    </Center>
  );
}
