import "@mantine/core/styles.css";
import "@/app/app.css";
import { createRoot } from "react-dom/client";
import { App } from "@/app/App";
import { startLanguage } from "@/i18n";
import { turnToSignIn } from "@/session/door";

const root = document.getElementById("root");
if (root) Promise.all([startLanguage(), turnToSignIn()]).then(() => createRoot(root).render(<App />));
