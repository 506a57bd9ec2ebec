import { Anchor, Breadcrumbs, Group, Stack, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Link } from "react-router";

type Above = { label: string; to: string };

type Props = {
  title: string;
  part?: string;
  badge?: ReactNode;
  above?: Above[];
  actions?: ReactNode;
  children: ReactNode;
};

/** A page: its title (also the window's, behind the name of its open part), the way up, what can be done on it, and its parts below. */
export function Page({ title, part, badge, above = [], actions, children }: Props) {
  useDocumentTitle([part, title, "Tearoff"].filter(Boolean).join(" · "));
  return (
    <Stack gap="md">
      {above.length > 0 && (
        <Breadcrumbs>
          {above.map(({ label, to }) => (
            <Anchor key={to} component={Link} to={to} size="sm">
              {label}
            </Anchor>
          ))}
        </Breadcrumbs>
      )}
      <Group justify="space-between" wrap="wrap">
        <Group gap="sm" miw={0}>
          <Title order={1} size="h2" style={{ overflowWrap: "anywhere" }}>
            {title}
          </Title>
          {badge}
        </Group>
        <Group gap="xs">{actions}</Group>
      </Group>
      {children}
    </Stack>
  );
}
