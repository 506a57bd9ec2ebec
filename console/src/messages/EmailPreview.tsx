import { Box, Group, Paper, SegmentedControl, Stack, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Marked } from "./Marked";
import { withMarks } from "./samples";

type Props = { texts: Record<string, string>; samples: string[] };
type Look = "desktop" | "phone" | "plain";

const WIDTHS = { desktop: 720, phone: 375 };
const HEIGHT = 520;
const REMOTE = /(<img\b[^>]*\bsrc|\bbackground|url\()\s*[=(]?\s*["']?\s*(https?:)?\/\//i;

/** A mail in its isolated frame, at the width of a desktop or a phone, or its plain text. */
export function EmailPreview({ texts, samples }: Props) {
  const { t } = useTranslation("messages");
  const [chosen, setLook] = useState<Look>("desktop");
  const has = { desktop: "html" in texts, phone: "html" in texts, plain: "text" in texts };
  const look = has[chosen] ? chosen : has.desktop ? "desktop" : "plain";
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs"
        w="fit-content"
        aria-label={t("preview.look")}
        value={look}
        onChange={(value) => setLook(value as Look)}
        data={(["desktop", "phone", "plain"] as const).map((value) => ({
          value,
          label: t(`preview.${value}`),
          disabled: !has[value],
        }))}
      />
      <Paper withBorder>
        <Head texts={texts} samples={samples} />
        {look === "plain" ? (
          <Text p="md" size="sm" h={HEIGHT} style={{ whiteSpace: "pre-wrap", overflow: "auto" }}>
            <Marked text={texts.text ?? ""} samples={samples} />
          </Text>
        ) : (
          <Frame html={texts.html ?? ""} width={WIDTHS[look]} samples={samples} />
        )}
      </Paper>
      {look !== "plain" && REMOTE.test(texts.html ?? "") && (
        <Text size="sm" c="dimmed">
          {t("preview.images")}
        </Text>
      )}
    </Stack>
  );
}

function Head({ texts, samples }: Props) {
  const { t } = useTranslation("messages");
  return (
    <Stack gap={2} p="sm" style={{ borderBottom: "1px solid var(--mantine-color-default-border)" }}>
      <Text fw={600}>
        <Marked text={texts.subject ?? ""} samples={samples} />
      </Text>
      <Group gap="md">
        {(["sender", "replyTo"] as const).map(
          (name) =>
            texts[name] && (
              <Text key={name} size="xs" c="dimmed">
                {t(`texts.${name}`)}: {texts[name]}
              </Text>
            ),
        )}
      </Group>
    </Stack>
  );
}

/** The frame runs no scripts and belongs to no origin; a narrow pane shows it smaller rather than cut. */
function Frame({ html, width, samples }: { html: string; width: number; samples: string[] }) {
  const { t } = useTranslation("messages");
  const { ref, width: room } = useElementSize();
  const shown = useMemo(() => withMarks(html, samples), [html, samples]);
  const scale = room > 0 ? Math.min(1, room / width) : 1;
  return (
    <Box ref={ref} h={HEIGHT} style={{ overflow: "hidden", display: "flex", justifyContent: "center" }}>
      <iframe
        title={t("preview.frame")}
        sandbox=""
        srcDoc={shown}
        width={width}
        height={HEIGHT / scale}
        style={{
          border: 0,
          background: "white",
          flexShrink: 0,
          transform: `scale(${scale})`,
          transformOrigin: "top center",
        }}
      />
    </Box>
  );
}
