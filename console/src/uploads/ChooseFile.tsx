import "@mantine/dropzone/styles.css";
import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconFileSpreadsheet, IconUpload, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Pool } from "@/pools/pool";
import { Failure } from "@/ui/Failure";
import { percent } from "@/ui/format";
import { SendingBar } from "./SendingBar";
import { begunIn, forgetBegun } from "./sending";
import { useSending } from "./useSending";

const BYTES_MAX = 2_000_000_000;
const ICON = { size: 40, stroke: 1.4, "aria-hidden": true } as const;

/** A place to drop a file of codes; it is sent for a check, nothing is stored of it. */
export function ChooseFile({ pool, onSent }: { pool: Pool; onSent: (check: number) => void }) {
  const { t } = useTranslation("uploads");
  const { sending, error, isWrong, send, stop, refuse } = useSending(pool, onSent);
  if (sending) return <SendingBar {...sending} onStop={stop} />;
  return (
    <Stack>
      {error ? <Failure error={error} /> : null}
      {isWrong && (
        <Alert color="red" role="alert">
          {t("wrongKind")}
        </Alert>
      )}
      <Interrupted pool={pool} />
      <Dropzone
        onDrop={([file]) => file && send(file)}
        onReject={refuse}
        maxSize={BYTES_MAX}
        multiple={false}
        validator={(file) => (/\.(csv|txt|tsv|xlsx)$/i.test(file.name) ? null : { code: "kind", message: "" })}
        inputProps={{ "aria-label": t("drop") }}
        p="xl"
      >
        <Stack align="center" gap="xs" style={{ pointerEvents: "none" }}>
          <Dropzone.Accept>
            <IconUpload {...ICON} />
          </Dropzone.Accept>
          <Dropzone.Reject>
            <IconX {...ICON} />
          </Dropzone.Reject>
          <Dropzone.Idle>
            <IconFileSpreadsheet {...ICON} />
          </Dropzone.Idle>
          <Text fw={600}>{t("drop")}</Text>
          <Text size="sm" c="dimmed" ta="center">
            {t("dropHint")}
          </Text>
        </Stack>
      </Dropzone>
      <Group gap="xs">
        <Text size="sm">{t("template")}:</Text>
        {(["csv", "xlsx"] as const).map((format) => (
          <Anchor key={format} size="sm" href={`/v1/imports/template?format=${format}`} download>
            {format.toUpperCase()}
          </Anchor>
        ))}
      </Group>
    </Stack>
  );
}

function Interrupted({ pool }: { pool: Pool }) {
  const { t } = useTranslation("uploads");
  const [begun, setBegun] = useState(() => begunIn(pool.id));
  if (!begun) return null;
  return (
    <Alert color="orange" role="status">
      <Group justify="space-between">
        <Text size="sm">
          {t("interrupted", { name: begun.name, share: percent(begun.offset / Math.max(begun.size, 1)) })}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            forgetBegun(pool.id);
            setBegun(null);
          }}
        >
          {t("forget")}
        </Button>
      </Group>
    </Alert>
  );
}
