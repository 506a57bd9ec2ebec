import type { Translated } from "../catalogue";

export const session: Translated<"session"> = {
  title: "Вхід до Tearoff",
  hint: "Електронна адреса та пароль вашого облікового запису.",
  email: "Електронна адреса",
  password: "Пароль",
  signIn: "Увійти",
  signOut: "Вийти",
  forgotten: "Я не пам’ятаю пароль",
  project: "Проєкт",
  light: "Світлі кольори",
  dark: "Темні кольори",
  changePassword: "Змінити пароль",
  mustChange: "Ви увійшли з одноразовим паролем. Щоб продовжити, задайте власний.",
  oldPassword: "Чинний пароль",
  newPassword: "Новий пароль",
  passwordRule: "Щонайменше 10 символів.",
  passwordChanged: "Пароль змінено.",
  save: "Зберегти",
  showPassword: "Показати або сховати символи",
  noProject: "У вас ще немає проєкту",
  noProjectHint: "Попросіть власника запросити вас.",
};
