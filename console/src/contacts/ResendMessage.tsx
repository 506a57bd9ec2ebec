import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { done } from "@/ui/notices";

/** Sends the very same message once more, with the code that it had. */
export function ResendMessage({ message }: { message: Schema<"SentMessage"> }) {
  const { t } = useTranslation("contacts");
  const [isAsking, asking] = useDisclosure();
  const resend = api.useMutation("post", "/v1/deliveries/{delivery_id}/resend", {
    onSuccess: () => {
      asking.close();
      done(t("resend.done"));
    },
  });
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconRefresh size={12} aria-hidden />}
        onClick={asking.open}
      >
        {t("resend.button")}
      </Button>
      <ConfirmAct
        title={t("resend.title")}
        act={t("resend.button")}
        isOpen={isAsking}
        isPending={resend.isPending}
        error={resend.error}
        onConfirm={() => resend.mutate({ params: { path: { delivery_id: message.deliveryId } }, body: {} })}
        onClose={asking.close}
      >
        {t("resend.what", { recipient: message.recipient })}
      </ConfirmAct>
    </>
  );
}
