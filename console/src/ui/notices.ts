import { notifications } from "@mantine/notifications";

/** Say shortly that something was done. */
export function done(message: string) {
  notifications.show({ message, color: "green" });
}
