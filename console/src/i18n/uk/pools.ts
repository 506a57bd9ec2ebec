import type { Translated } from "../catalogue";

export const pools: Translated<"pools"> = {
  title: "Пули",
  name: "Назва",
  type: "Тип",
  stateName: "Стан",
  createdAt: "Створено",
  empty: "Пулів ще немає",
  emptyHint: "Пул містить промокоди. Створіть його, а потім завантажте або згенеруйте коди.",
  state: { draft: "Чернетка", launched: "Можна використовувати", archived: "В архіві" },
};
