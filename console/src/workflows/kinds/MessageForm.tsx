import { JsonInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { ParameterField } from "../fields/ParameterField";
import { useEditing, useProblem } from "./editing";

/** Which message to send, to whom, in which language. */
export function MessageForm() {
  const { t } = useTranslation("workflows");
  const { block } = useEditing();
  const messages = api.useQuery("get", "/v1/messages", { params: { query: { limit: 1000 } } });
  const items = messages.data?.items ?? [];
  const chosen = items.find(({ id, key }) => key === block.message || String(id) === String(block.message));
  const choices = items.map(({ key, name, medium }) => ({ value: key, hint: `${name} · ${medium}` }));
  const languages = Object.keys(chosen?.languages ?? {}).map((value) => ({ value, hint: "" }));
  return (
    <>
      <ParameterField parameter="message" choices={choices} description={t("hints.message")} isNeeded />
      <ParameterField parameter="email" description={t("hints.recipient")} />
      <ParameterField parameter="phone" />
      <ParameterField parameter="contactId" />
      <ParameterField parameter="token" />
      <ParameterField parameter="language" choices={languages} description={t("hints.language")} />
      <Json />
    </>
  );
}

function written(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}

const NOT_JSON = Symbol("not JSON");

function readJson(text: string): unknown {
  try {
    return text.trim() === "" ? undefined : JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

function Json() {
  const { t } = useTranslation("workflows");
  const { block, set } = useEditing();
  const [typed, setTyped] = useState({ text: written(block.json), of: block.json });
  const problem = useProblem("json");
  // what is typed stays as it is, until an undo brings another value
  const text = typed.of === block.json ? typed.text : written(block.json);
  const take = (next: string) => {
    const value = readJson(next);
    setTyped({ text: next, of: value === NOT_JSON ? block.json : value });
    if (value !== NOT_JSON) set("json", value);
  };
  return (
    <JsonInput
      label={t("parameters.json")}
      description={t("hints.json")}
      validationError={t("notJson")}
      formatOnBlur
      autosize
      minRows={2}
      maxRows={10}
      value={text}
      onChange={take}
      error={problem}
    />
  );
}
