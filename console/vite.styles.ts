import { createHash } from "node:crypto";
import { PurgeCSS } from "purgecss";
import type { Plugin } from "vite";

const WORDS = /[A-Za-z0-9_-]+/g;
const NAME_LENGTH = 8;

/**
 * Leaves out the rules of the component library that no built page uses, and names the file by what is left. The build
 * has one style file, which only index.html names, so that a browser may keep it for ever.
 */
export function usedStylesOnly(): Plugin {
  return {
    name: "used-styles-only",
    apply: "build",
    enforce: "post",
    config: () => ({ build: { cssCodeSplit: false } }),
    async generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const script = files.map((file) => (file.type === "chunk" ? file.code : "")).join("\n");
      const page = files.find((file) => file.fileName === "index.html");
      for (const file of files) {
        if (file.type !== "asset" || !file.fileName.endsWith(".css") || page?.type !== "asset") continue;
        const source = await used(String(file.source), script);
        const fileName = `assets/style-${createHash("sha256").update(source).digest("base64url").slice(0, NAME_LENGTH)}.css`;
        page.source = String(page.source).replaceAll(file.fileName, fileName);
        delete bundle[file.fileName];
        this.emitFile({ type: "asset", fileName, source });
      }
    },
  };
}

// purgecss takes `:where(:not(…))` for a selector that nothing fits; as a class that it must keep, it stays
const EXCEPTION = /:where\(:not\((?:[^()]|\([^()]*\))*\)\)/g;

async function used(style: string, script: string): Promise<string> {
  const exceptions: string[] = [];
  const shielded = style.replace(EXCEPTION, (found) => `.aria-exception-${exceptions.push(found) - 1}`);
  const [kept] = await new PurgeCSS().purge({
    content: [{ raw: script, extension: "js" }],
    css: [{ raw: shielded }],
    defaultExtractor: (text) => text.match(WORDS) ?? [],
    safelist: {
      standard: ["html", "body", ":root", ":host"],
      deep: [/^aria-exception-/],
      greedy: [/data-/, /aria-(?!exception)/, /cm-/, /react-flow/, /mantine-Badge/],
    },
  });
  return (kept?.css ?? shielded).replace(/\.aria-exception-(\d+)/g, (_, n) => exceptions[Number(n)] ?? "");
}
