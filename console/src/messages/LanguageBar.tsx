import { Badge, Button, Group, Menu, Popover, Select, Stack, Tabs } from "@mantine/core";
import { IconDots, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Drafting } from "./drafts";
import { COMMON, languageName } from "./languageNames";

type Props = {
  drafting: Drafting;
  language: string;
  onChoose: (language: string) => void;
  /** How many problems the texts of a language have. */
  problemsIn: (language: string) => number;
  mayEdit: boolean;
};

/** The languages of a message: choose, add, remove, make one the default. */
export function LanguageBar({ drafting, language, onChoose, problemsIn, mayEdit }: Props) {
  const { t } = useTranslation("messages");
  const { languages, defaultLanguage } = drafting.draft;
  return (
    <Group gap="xs" align="center" mb="sm">
      <Tabs value={language} onChange={(code) => code && onChoose(code)} flex="1 1 220px">
        <Tabs.List aria-label={t("languages")}>
          {Object.keys(languages).map((code) => (
            <Tabs.Tab key={code} value={code} rightSection={<Marks count={problemsIn(code)} />}>
              {languageName(code)}
              {code === defaultLanguage && Object.keys(languages).length > 1 ? ` · ${t("default")}` : ""}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {mayEdit && <AddLanguage drafting={drafting} language={language} onChoose={onChoose} />}
      {mayEdit && <LanguageMenu drafting={drafting} language={language} onChoose={onChoose} />}
    </Group>
  );
}

function Marks({ count }: { count: number }) {
  const { t } = useTranslation("messages");
  if (count === 0) return null;
  return (
    <Badge color="red" size="sm" circle aria-label={t("problems", { count })}>
      {count}
    </Badge>
  );
}

type PartProps = Pick<Props, "drafting" | "language" | "onChoose">;

function AddLanguage({ drafting, language, onChoose }: PartProps) {
  const { t } = useTranslation("messages");
  const [isOpen, setOpen] = useState(false);
  const { languages } = drafting.draft;
  const add = (code: string | null) => {
    if (!code) return;
    drafting.changeTexts(code, languages[language] ?? {});
    onChoose(code);
    setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {t("addLanguage")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={260}>
          <Select
            label={t("language")}
            description={t("addLanguageHint", { from: languageName(language) })}
            searchable
            comboboxProps={{ withinPortal: false }}
            data={COMMON.filter((code) => !(code in languages)).map((value) => ({ value, label: languageName(value) }))}
            onChange={add}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function LanguageMenu({ drafting, language, onChoose }: PartProps) {
  const { t } = useTranslation("messages");
  const { languages, defaultLanguage } = drafting.draft;
  const isDefault = language === defaultLanguage;
  const remove = () => {
    const { [language]: _, ...others } = languages;
    drafting.change({ languages: others });
    onChoose(defaultLanguage);
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" px={8} aria-label={t("languageMenu", { language: languageName(language) })}>
          <IconDots size={14} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={isDefault} onClick={() => drafting.change({ defaultLanguage: language })}>
          {t("makeDefault")}
        </Menu.Item>
        <Menu.Item color="red" disabled={isDefault} onClick={remove}>
          {t("removeLanguage", { language: languageName(language) })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
