import { ActionIcon, Combobox, ScrollArea, TextInput, Tooltip, useCombobox } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Name } from "../names";
import { askedName, completed } from "./completion";
import { Options } from "./Options";

/** A constant that is offered for an input, with what it stands for. */
export type Choice = { value: string; hint: string };

type Props = {
  label: string;
  value: string;
  onChange: (text: string) => void;
  choices?: Choice[];
  /** What `${name}` may stand for; left out where only constants can be. */
  names?: Name[];
  description?: string;
  isNeeded?: boolean;
  error?: string;
};

const OFFERED_MAX = 50;

function fitting<Item>(items: Item[], text: (item: Item) => string, typed: string): Item[] {
  const wanted = typed.toLowerCase();
  return items.filter((item) => text(item).toLowerCase().includes(wanted)).slice(0, OFFERED_MAX);
}

/** A text input that offers constants, and after `${` the names of what the event or an earlier block gave. */
export function ParameterInput({ label, value, onChange, choices = [], names, description, isNeeded, error }: Props) {
  const { t } = useTranslation("workflows");
  const input = useRef<HTMLInputElement>(null);
  const [caret, setCaret] = useState(0);
  const [isAsked, setIsAsked] = useState(false);
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() });
  const asked = names ? askedName(value, caret) : null;
  const isNaming = asked !== null || isAsked;
  const isChosen = choices.some((choice) => choice.value === value);
  const offeredNames = isNaming ? fitting(names ?? [], ({ name }) => name, asked ?? "") : [];
  const offered = isNaming ? [] : fitting(choices, (choice) => `${choice.value} ${choice.hint}`, isChosen ? "" : value);
  const typed = (text: string, at: number) => {
    onChange(text);
    setCaret(at);
    setIsAsked(false);
    box.openDropdown();
    box.updateSelectedOptionIndex();
  };
  const choose = (option: string) => {
    const [text, at] = isNaming ? completed(value, caret, option) : [option, option.length];
    onChange(text);
    setCaret(at);
    setIsAsked(false);
    box.closeDropdown();
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  };
  const ask = () => {
    setCaret(input.current?.selectionStart ?? value.length);
    setIsAsked(true);
    input.current?.focus();
    box.openDropdown();
  };
  return (
    <Combobox store={box} onOptionSubmit={choose} withinPortal>
      <Combobox.Target withExpandedAttribute>
        <TextInput
          ref={input}
          role="combobox"
          label={label}
          description={description}
          required={isNeeded}
          error={error}
          value={value}
          autoComplete="off"
          spellCheck={false}
          onChange={({ currentTarget }) => typed(currentTarget.value, currentTarget.selectionStart ?? 0)}
          onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart ?? 0)}
          onFocus={() => choices.length > 0 && box.openDropdown()}
          onBlur={() => {
            box.closeDropdown();
            setIsAsked(false);
          }}
          rightSection={
            names && (
              <Tooltip label={t("insertName")}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t("insertNameInto", { label })}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={ask}
                >
                  <IconBraces size={16} aria-hidden />
                </ActionIcon>
              </Tooltip>
            )
          }
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={offered.length + offeredNames.length === 0 && !isAsked}>
        <Combobox.Options aria-label={t("offered", { label })}>
          <ScrollArea.Autosize mah={240} type="scroll">
            <Options choices={offered} names={offeredNames} isNaming={isNaming} />
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
