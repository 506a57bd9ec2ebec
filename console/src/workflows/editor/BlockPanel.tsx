import { Button, Divider, Fieldset, Group, Select, Stack, Text, TextInput, ThemeIcon } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { EXITS } from "../blocks";
import { KINDS } from "../kinds";
import { type Editing, EditingContext } from "../kinds/editing";
import { useNames } from "../names";
import { useDraft } from "./draft";
import { useSentence } from "./useCheck";

/** The form of the chosen block: its name, its parameters, where its exits lead. */
export function BlockPanel() {
  const { t } = useTranslation("workflows");
  const { chosen, blocks } = useDraft();
  const [name] = chosen;
  const block = name === undefined ? undefined : blocks[name];
  if (chosen.length !== 1 || name === undefined || !block)
    return (
      <Text size="sm" c="dimmed">
        {t(chosen.length > 1 ? "severalChosen" : "nothingChosen", { count: chosen.length })}
      </Text>
    );
  return <Form key={name} name={name} block={block} />;
}

function Form({ name, block }: Pick<Editing, "name" | "block">) {
  const { t } = useTranslation("workflows");
  const draft = useDraft();
  const names = useNames(draft.blocks, name);
  const { icon: Icon, colour, form: Parameters } = KINDS[block.kind];
  const editing: Editing = {
    name,
    block,
    names,
    problems: draft.problems,
    set: (parameter, value) => draft.set(name, parameter, value),
  };
  return (
    <EditingContext value={editing}>
      <Fieldset variant="unstyled" disabled={!draft.mayEdit} key={name}>
        <Stack gap="sm">
          <Group gap="xs">
            <ThemeIcon variant="light" color={colour}>
              <Icon size={18} aria-hidden />
            </ThemeIcon>
            <Text fw={600} component="h2" size="sm">
              {t(`kinds.${block.kind}`)}
            </Text>
          </Group>
          <BlockProblems name={name} />
          <NameInput name={name} />
          {Parameters && <Parameters />}
          <Exits name={name} />
          {draft.mayEdit && (
            <Button
              variant="light"
              color="red"
              w="fit-content"
              size="xs"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => draft.remove([name])}
            >
              {t("removeBlock")}
            </Button>
          )}
        </Stack>
      </Fieldset>
    </EditingContext>
  );
}

function BlockProblems({ name }: { name: string }) {
  const { problems } = useDraft();
  const sentence = useSentence();
  const own = problems.filter(
    ({ pointer }) => pointer === `/blocks/${name}` || pointer.startsWith(`/blocks/${name}/exits`),
  );
  return own.map((problem) => (
    <Text key={problem.pointer + problem.detail} size="xs" c="red">
      {sentence(problem)}
    </Text>
  ));
}

const NAME = /^[A-Za-z0-9_-]{1,60}$/;

function NameInput({ name }: { name: string }) {
  const { t } = useTranslation("workflows");
  const { blocks, rename } = useDraft();
  const [text, setText] = useState(name);
  useEffect(() => setText(name), [name]);
  const isTaken = text !== name && text in blocks;
  const isWrong = text !== name && !NAME.test(text);
  const take = () => {
    if (isTaken || isWrong) setText(name);
    else if (text !== name) rename(name, text);
  };
  return (
    <TextInput
      label={t("blockName")}
      description={t("blockNameHint")}
      value={text}
      error={isTaken ? t("blockNameTaken") : isWrong ? t("blockNameWrong") : undefined}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={take}
      onKeyDown={({ key }) => key === "Enter" && take()}
    />
  );
}

function Exits({ name }: { name: string }) {
  const { t } = useTranslation("workflows");
  const { blocks, join } = useDraft();
  const block = blocks[name];
  if (!block || EXITS[block.kind].length === 0) return null;
  const others = Object.entries(blocks).filter(([other, { kind }]) => other !== name && kind !== "start");
  return (
    <>
      <Divider label={t("exitsTitle")} labelPosition="left" />
      {EXITS[block.kind].map((exit) => (
        <Select
          key={exit}
          label={t("exitTo", { exit: t(`exits.${exit}`) })}
          description={exit === "missing" || exit === "empty" ? t(`exitHints.${exit}`) : undefined}
          placeholder={t("nowhere")}
          clearable
          clearButtonProps={{ "aria-label": t("clear", { what: t(`exits.${exit}`) }) }}
          data={others.map(([value, { kind }]) => ({ value, label: `${value} · ${t(`kinds.${kind}`)}` }))}
          value={block.exits?.[exit] ?? null}
          onChange={(to) => join(name, exit, to)}
        />
      ))}
    </>
  );
}
