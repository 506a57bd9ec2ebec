import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compression } from "vite-plugin-compression2";
import { usedStylesOnly } from "./vite.styles.ts";

const API = process.env.TEAROFF_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), usedStylesOnly(), compression({ algorithms: ["gzip"] })],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // the code editor and the charts are the largest; a page that needs them loads them, and the first visit has its test
  build: { outDir: "../src/tearoff/console_dist", emptyOutDir: true, chunkSizeWarningLimit: 600 },
  server: { proxy: { "/v1": API, "/openapi.json": API } },
});
