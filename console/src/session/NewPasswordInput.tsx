import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

export const PASSWORD_MIN = 10;

/** An input for a password that is being chosen, with its rule. */
export function NewPasswordInput(props: PasswordInputProps) {
  const { t } = useTranslation("session");
  return (
    <PasswordInput
      label={t("newPassword")}
      description={t("passwordRule")}
      required
      minLength={PASSWORD_MIN}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
      {...props}
    />
  );
}
