import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useSession } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { moment } from "@/ui/format";
import { ShownOnce } from "./ShownOnce";

type Props = { id: number; isOpen: boolean; onClose: () => void };

/** Draws a new secret for a webhook after asking, and shows it once. */
export function RotateSecret({ id, isOpen, onClose }: Props) {
  const { t } = useTranslation("settings");
  const { timeZone } = useSession().project;
  const rotate = api.useMutation("post", "/v1/subscriptions/{subscription_id}/secret", { onSuccess: onClose });
  return (
    <>
      {rotate.data && (
        <ShownOnce
          title={t("notifications.secretTitle")}
          value={rotate.data.secret}
          hint={t("notifications.rotatedHint", { until: moment(rotate.data.oldUntil, timeZone) })}
          onClose={rotate.reset}
        />
      )}
      <ConfirmAct
        title={t("notifications.rotateTitle")}
        act={t("notifications.rotate")}
        isOpen={isOpen}
        isPending={rotate.isPending}
        error={rotate.error}
        onClose={onClose}
        onConfirm={() => rotate.mutate({ params: { path: { subscription_id: id } } })}
      >
        {t("notifications.rotateHint")}
      </ConfirmAct>
    </>
  );
}
