import type { Translated } from "../catalogue";

export const ui: Translated<"ui"> = {
  failed: "Не вдалося",
  unreachable: "Сервер не відповідає. Перевірте з’єднання і спробуйте ще раз.",
  retry: "Спробувати ще раз",
  pages: "Сторінки списку",
  first: "Перша сторінка",
  previous: "Назад",
  next: "Далі",
  cancel: "Скасувати",
  close: "Закрити",
  save: "Зберегти",
  search: "Пошук",
  place: "Рядок {{line}}, стовпець {{column}}:",
};
