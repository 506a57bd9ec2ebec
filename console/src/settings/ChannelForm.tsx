import { NumberInput, PasswordInput, Select, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { client, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problems";
import { queries } from "@/api/queries";
import { FormModal } from "@/ui/FormModal";
import { FORMS, KINDS, type Kind, type Line, type Medium, partsOf } from "./channelForms";

type Channel = Schema<"ChannelView">;
const IN_PARTS = /^\/(settings|secrets)(?=\/)/;

type Values = { key: string; kind: Kind; medium: Medium; [line: string]: string | number };

function initial(channel: Channel | null): Values {
  if (!channel) return { key: "", kind: "email", medium: "email", port: 587, tls: "starttls" };
  const lines = FORMS[channel.kind].lines.filter(({ input }) => input !== "secret");
  const settings = channel.settings as Record<string, string | number | undefined>;
  return {
    key: channel.key,
    kind: channel.kind,
    medium: channel.medium,
    ...Object.fromEntries(lines.map(({ name, initial: first }) => [name, settings[name] ?? first ?? ""])),
  };
}

async function save(channel: Channel | null, { key, kind, medium, ...values }: Values) {
  const { settings, secrets } = partsOf(kind, values);
  const sealed = Object.keys(secrets).length > 0 ? secrets : undefined;
  if (!channel) await client.POST("/v1/channels", { body: { key, kind, medium, settings, secrets: sealed } });
  else
    await client.PATCH("/v1/channels/{channel}", {
      params: { path: { channel: key } },
      body: { settings: { ...channel.settings, ...settings }, secrets: sealed },
    });
  await queries.invalidateQueries();
}

/** Sets up a channel, or changes one; a secret that is left empty stays as it is. */
export function ChannelForm({ channel, onClose }: { channel: Channel | null; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const form = useForm<Values>({ initialValues: initial(channel) });
  const { kind } = form.values;
  const choose = (next: Kind) => form.setValues({ kind: next, medium: FORMS[next].media[0] ?? "email" });
  return (
    <FormModal
      title={t(channel ? "channels.change" : "channels.make")}
      act={t("save")}
      isOpen
      onClose={onClose}
      form={form}
      onSubmit={(values) =>
        save(channel, values).catch((problem) => {
          throw problem instanceof ApiProblem ? problem.without(IN_PARTS) : problem;
        })
      }
    >
      <TextInput
        label={t("channels.key")}
        required
        data-autofocus
        disabled={channel !== null}
        {...form.getInputProps("key")}
      />
      <Select
        label={t("channels.kind")}
        allowDeselect={false}
        disabled={channel !== null}
        data={KINDS.map((each) => ({ value: each, label: t(`channels.kinds.${each}`) }))}
        value={kind}
        onChange={(next) => next && choose(next as Kind)}
      />
      {FORMS[kind].media.length > 1 && (
        <Select
          label={t("channels.medium")}
          allowDeselect={false}
          disabled={channel !== null}
          data={FORMS[kind].media.map((each) => ({ value: each, label: t(`channels.media.${each}`) }))}
          {...form.getInputProps("medium")}
        />
      )}
      {FORMS[kind].lines.map((line) => (
        <LineInput
          key={line.name}
          line={line}
          isKept={Boolean(channel?.secrets.includes(line.name))}
          {...form.getInputProps(line.name)}
        />
      ))}
    </FormModal>
  );
}

type InputProps = { line: Line; isKept: boolean; value?: string | number; onChange: (value: never) => void };

function LineInput({ line, isKept, ...props }: InputProps) {
  const { t } = useTranslation("settings");
  const label = t(`channels.lines.${line.name}` as "channels.lines.host");
  const shared = { label, required: line.isRequired && !isKept, ...props, value: props.value ?? line.initial ?? "" };
  const text = { ...shared, value: String(shared.value), onChange: props.onChange as never };
  if (line.input === "secret")
    return <PasswordInput {...text} autoComplete="off" placeholder={isKept ? t("channels.kept") : undefined} />;
  if (line.input === "number") return <NumberInput {...shared} onChange={props.onChange as never} hideControls />;
  if (line.input === "choice") return <Select {...text} allowDeselect={false} data={line.choices} />;
  if (line.input === "long") return <Textarea {...text} autosize minRows={3} />;
  return <TextInput {...text} />;
}
