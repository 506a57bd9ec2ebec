import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { done } from "@/ui/notices";

type Connector = Schema<"ConnectorView">;
type Kind = Connector["kind"];

const KINDS: Kind[] = ["basic", "bearer", "apiKey"];
const SECRETS = { basic: "password", bearer: "token", apiKey: "value" } as const;
const PLACES = ["header", "query"] as const;

/** Sets up credentials, or changes them; a secret that is left empty stays as it is. */
export function ConnectorForm({ connector, onClose }: { connector: Connector | null; onClose: () => void }) {
  const { t } = useTranslation("sources");
  const settings = connector?.settings ?? {};
  const form = useForm({
    initialValues: {
      key: connector?.key ?? "",
      kind: connector?.kind ?? ("bearer" as Kind),
      username: String(settings.username ?? ""),
      name: String(settings.name ?? "X-Api-Key"),
      place: String(settings.place ?? "header"),
      secret: "",
    },
  });
  const finish = {
    onSuccess: () => {
      done(t("saved"));
      onClose();
    },
  };
  const create = api.useMutation("post", "/v1/connectors", finish);
  const change = api.useMutation("patch", "/v1/connectors/{connector}", finish);
  const submit = form.onSubmit(({ key, kind, username, name, place, secret }) => {
    const settings = kind === "basic" ? { username } : kind === "apiKey" ? { name, place } : {};
    const secrets = secret ? { secrets: { [SECRETS[kind]]: secret } } : {};
    const body = { kind, settings, ...secrets };
    if (connector) change.mutate({ params: { path: { connector: connector.key } }, body });
    else create.mutate({ body: { key, ...body } });
  });
  const { kind } = form.values;
  const error = create.error ?? change.error;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(connector ? "connectors.edit" : "connectors.new")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          {error && <Failure error={error} />}
          <TextInput
            label={t("key")}
            description={t("connectors.keyHint")}
            required
            data-autofocus
            readOnly={connector !== null}
            {...form.getInputProps("key")}
          />
          <Select
            label={t("connectors.kind")}
            allowDeselect={false}
            data={KINDS.map((value) => ({ value, label: t(`connectors.kinds.${value}`) }))}
            {...form.getInputProps("kind")}
          />
          {kind === "basic" && <TextInput label={t("connectors.username")} {...form.getInputProps("username")} />}
          {kind === "apiKey" && (
            <Group grow>
              <TextInput label={t("connectors.name")} required {...form.getInputProps("name")} />
              <Select
                label={t("connectors.place")}
                allowDeselect={false}
                data={PLACES.map((value) => ({ value, label: t(`connectors.places.${value}`) }))}
                {...form.getInputProps("place")}
              />
            </Group>
          )}
          <PasswordInput
            label={t(`connectors.secrets.${kind}`)}
            description={t(connector ? "connectors.secretStays" : "connectors.secretHint")}
            required={!connector || connector.kind !== kind}
            autoComplete="off"
            {...form.getInputProps("secret")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={create.isPending || change.isPending}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
