import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconLink, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { done } from "@/ui/notices";

type Person = Schema<"PersonView">;
type Props = { person: Person; onLink: (link: string) => void; onDisable: () => void };

/** What an administrator does with somebody's account, which counts in every project. */
export function PersonMenu({ person, onLink, onDisable }: Props) {
  const { t } = useTranslation("settings");
  const path = { person_id: person.id };
  const reset = api.useMutation("post", "/v1/people/{person_id}/password-reset", {
    onSuccess: ({ link }) => (link ? onLink(link) : done(t("people.resetMailed", { email: person.email }))),
  });
  const enable = api.useMutation("patch", "/v1/people/{person_id}", {
    onSuccess: () => done(t("people.enabled", { email: person.email })),
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          loading={reset.isPending || enable.isPending}
          aria-label={t("people.more", { email: person.email })}
        >
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={() => reset.mutate({ params: { path } })}>
          {t("people.reset")}
        </Menu.Item>
        {person.isDisabled ? (
          <Menu.Item
            leftSection={<IconUserCheck size={16} aria-hidden />}
            onClick={() => enable.mutate({ params: { path }, body: { isDisabled: false } })}
          >
            {t("people.enable")}
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconUserOff size={16} aria-hidden />} onClick={onDisable}>
            {t("people.disable")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
