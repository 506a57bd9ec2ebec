import type { Translated } from "../catalogue";

export const app: Translated<"app"> = {
  skip: "Перейти до сторінки",
  menu: "Меню",
  home: "До огляду",
  notFound: "Сторінку не знайдено",
  notFoundHint: "За цією адресою нічого немає.",
  broken: "Цю сторінку не вдається показати",
  reload: "Завантажити ще раз",
  pages: {
    overview: "Огляд",
    pools: "Пули",
    workflows: "Сценарії",
    messages: "Повідомлення",
    contacts: "Контакти",
    events: "Події",
    sources: "Джерела даних",
    tasks: "Завдання",
    redemptions: "Погашення",
    settings: "Налаштування",
  },
};
