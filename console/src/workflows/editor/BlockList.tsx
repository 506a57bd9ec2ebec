import { NavLink, Stack, Text } from "@mantine/core";
import { IconAlertTriangleFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type ExitName, joined, ordered } from "../blocks";
import { KINDS } from "../kinds";
import { useDraft } from "./draft";

/** All blocks in words, each with where its exits lead: the canvas for those who do not see it. */
export function BlockList() {
  const { t } = useTranslation("workflows");
  const { blocks, chosen, choose, problemsOf } = useDraft();
  const names = Object.keys(blocks);
  if (names.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("noBlocks")}
      </Text>
    );
  return (
    <Stack component="nav" gap={2} aria-label={t("panel.list")}>
      {ordered(blocks).map(([name, block]) => {
        const { icon: Icon, colour } = KINDS[block.kind];
        const ways = joined(block).map(([exit, target]) =>
          Object.keys(block.exits ?? {}).length > 1 ? `${t(`exits.${exit as ExitName}`)} → ${target}` : `→ ${target}`,
        );
        return (
          <NavLink
            key={name}
            component="button"
            active={chosen.includes(name)}
            label={`${t(`kinds.${block.kind}`)} · ${name}`}
            description={ways.join(", ")}
            leftSection={<Icon size={18} color={`var(--mantine-color-${colour}-text)`} aria-hidden />}
            rightSection={
              problemsOf[name] && (
                <IconAlertTriangleFilled
                  size={16}
                  color="var(--mantine-color-red-filled)"
                  role="img"
                  aria-label={t("problems.count", { count: problemsOf[name].length })}
                />
              )
            }
            onClick={() => choose([name])}
          />
        );
      })}
    </Stack>
  );
}
