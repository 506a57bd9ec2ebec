import { Anchor, AppShell, Burger, Group, NavLink, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, NavLink as RouterLink, useLocation } from "react-router";
import { ProjectMenu } from "@/session/ProjectMenu";
import { UserCorner } from "@/session/UserCorner";
import { LeaveGuard } from "@/ui/LeaveGuard";
import { isAt, PAGES } from "./navigation";

/** What stands around each page: the way to the others, the project, the person. */
export function Shell() {
  const { t } = useTranslation("app");
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of a phone closes when the page changes
  useEffect(close, [pathname]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding="lg"
    >
      <AppShell.Header>
        <Anchor href="#page" className="tearoff-skip">
          {t("skip")}
        </Anchor>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("menu")} />
            <img src="/icon.svg" alt="" width={28} height={28} />
            <Text fw={700} visibleFrom="xs">
              Tearoff
            </Text>
            <ProjectMenu />
          </Group>
          <UserCorner />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t("menu")} style={{ overflowY: "auto" }}>
        {PAGES.map((page) => (
          <NavLink
            key={page.to}
            component={RouterLink}
            to={page.to}
            end={page.to === "/"}
            label={t(`pages.${page.name}`)}
            leftSection={<page.icon size={18} stroke={1.6} aria-hidden />}
            active={isAt(page, pathname)}
          />
        ))}
      </AppShell.Navbar>
      <LeaveGuard />
      <AppShell.Main id="page" tabIndex={-1}>
        <Suspense>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}
