import { Alert, Anchor, List, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useDraft } from "./draft";
import { blockOf, useSentence } from "./useCheck";

/** Everything that stands against publishing, as the server's check says it; a click goes to the block. */
export function ProblemList() {
  const { t } = useTranslation("workflows");
  const { problems, blocks, choose, show } = useDraft();
  const sentence = useSentence();
  if (problems.length === 0)
    return (
      <Alert color="green" icon={<IconCircleCheck aria-hidden />}>
        {t("problems.none")}
      </Alert>
    );
  const go = (name: string) => {
    choose([name]);
    show("block");
  };
  return (
    <List size="sm" spacing="xs" aria-label={t("panel.problems")}>
      {problems.map((problem) => {
        const name = blockOf(problem, blocks);
        return (
          <List.Item key={problem.pointer + problem.detail}>
            {name && (
              <Anchor component="button" size="sm" fw={600} onClick={() => go(name)}>
                {name}
              </Anchor>
            )}{" "}
            <Text span size="sm">
              {sentence(problem)}
            </Text>
          </List.Item>
        );
      })}
    </List>
  );
}
