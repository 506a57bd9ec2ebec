/** A text cut at every sample code in it: each piece, and whether it is one. */
export function pieces(text: string, samples: string[]): { text: string; isSample: boolean }[] {
  if (samples.length === 0) return [{ text, isSample: false }];
  const longestFirst = [...samples].sort((a, b) => b.length - a.length);
  const any = new RegExp(`(${longestFirst.map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`);
  return text
    .split(any)
    .filter((piece) => piece !== "")
    .map((piece) => ({ text: piece, isSample: samples.includes(piece) }));
}

/** A mail's HTML with every sample code in its text marked as one. Its links lead nowhere: the frame opens no windows. */
export function withMarks(html: string, samples: string[]): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  const base = page.createElement("base");
  base.target = "_blank";
  page.head.prepend(base);
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const node of texts) {
    const cut = pieces(node.data, samples);
    if (!cut.some(({ isSample }) => isSample)) continue;
    node.replaceWith(...cut.map(({ text, isSample }) => (isSample ? mark(page, text) : text)));
  }
  return `<!doctype html>${page.documentElement.outerHTML}`;
}

function mark(page: Document, text: string): HTMLElement {
  const made = page.createElement("mark");
  made.textContent = text;
  made.style.cssText =
    "background:#ffec99;color:#1c2733;outline:2px dashed #e67700;outline-offset:2px;border-radius:3px";
  return made;
}
