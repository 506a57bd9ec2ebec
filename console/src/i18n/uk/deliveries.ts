import type { Translated } from "../catalogue";

export const deliveries: Translated<"deliveries"> = {
  title: "Відправлення",
  messages: "Повідомлення",
  chart: "Повідомлення за днями та станом",
  day: "День",
  recipient: "Кому",
  medium: "Чим",
  state: "Стан",
  anyState: "Будь-який",
  written: "Створено",
  sent: "Надіслано",
  answer: "Відповідь сервера",
  run: "Запуск",
  states: {
    waiting: "Очікує",
    leased: "Надсилається",
    sent: "Надіслано",
    failed: "Не вдалося",
    cancelled: "Скасовано",
  },
  empty: "Ще нічого не надіслано",
  emptyHint: "Тут з’являється кожне повідомлення, яке надіслав сценарій, разом із відповіддю сервера.",
};
