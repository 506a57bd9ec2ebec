import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const SAID_MS = 2_000;

/** Copies a value; where the browser keeps its clipboard for pages over HTTPS, in the way that works everywhere. */
export function CopyValue({ value }: { value: string }) {
  const { t } = useTranslation("ui");
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    if (window.isSecureContext) await navigator.clipboard.writeText(value);
    else copyOldWay(value);
    setCopied(true);
    window.setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <Button size="compact-xs" variant="default" onClick={() => void copy()} aria-live="polite">
      {t(isCopied ? "copied" : "copy")}
    </Button>
  );
}

function copyOldWay(value: string) {
  const before = document.activeElement;
  const place = document.createElement("textarea");
  place.value = value;
  place.style.cssText = "position:fixed;opacity:0";
  document.body.append(place);
  place.select();
  document.execCommand("copy");
  place.remove();
  if (before instanceof HTMLElement) before.focus();
}
