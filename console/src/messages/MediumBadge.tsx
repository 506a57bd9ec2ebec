import { Badge } from "@mantine/core";
import { IconBell, IconDeviceMobileMessage, IconMail, IconMessage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Message } from "./drafts";

const ICONS = { email: IconMail, sms: IconMessage, mobilepush: IconDeviceMobileMessage, webpush: IconBell };

/** By what way a message goes. */
export function MediumBadge({ medium }: { medium: Message["medium"] }) {
  const { t } = useTranslation("messages");
  const Icon = ICONS[medium];
  return (
    <Badge variant="light" leftSection={<Icon size={12} aria-hidden />} tt="none">
      {t(`media.${medium}`)}
    </Badge>
  );
}
