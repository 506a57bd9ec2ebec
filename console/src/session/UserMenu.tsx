import { Menu, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconLanguage, IconLogout, IconMoon, IconPassword, IconSun, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client } from "@/api/client";
import { LANGUAGES, useLanguage } from "@/i18n";
import { LEAVING, type Leave } from "./leave";
import { UserButton } from "./UserButton";

/** The person's own things: colours, language, password, the way out. It is open from the start. */
export function UserMenu() {
  const { t } = useTranslation("session");
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light") === "dark";
  const [language, setLanguage] = useLanguage();
  const navigate = useNavigate();
  const signOut = () => navigate(LEAVING, { state: { act: "sign-out" } satisfies Leave });
  const speak = async (code: string) => {
    await setLanguage(code);
    await client.PATCH("/v1/session", { body: { language: code as "en" | "uk" } });
  };
  return (
    <Menu position="bottom-end" width={220} defaultOpened>
      <Menu.Target>
        <UserButton />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={isDark ? <IconSun size={16} aria-hidden /> : <IconMoon size={16} aria-hidden />}
          onClick={() => setColorScheme(isDark ? "light" : "dark")}
        >
          {t(isDark ? "light" : "dark")}
        </Menu.Item>
        {LANGUAGES.filter(({ code }) => code !== language).map(({ code, name }) => (
          <Menu.Item
            key={code}
            lang={code}
            leftSection={<IconLanguage size={16} aria-hidden />}
            onClick={() => void speak(code)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Item component={Link} to="/account" leftSection={<IconUser size={16} aria-hidden />}>
          {t("account")}
        </Menu.Item>
        <Menu.Item component={Link} to="/password" leftSection={<IconPassword size={16} aria-hidden />}>
          {t("changePassword")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {t("signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
