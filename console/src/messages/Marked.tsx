import { Mark } from "@mantine/core";
import { pieces } from "./samples";

/** A text in which each sample code is plain to see as one. */
export function Marked({ text, samples }: { text: string; samples: string[] }) {
  let at = 0;
  return pieces(text, samples).map(({ text, isSample }) => {
    const key = at;
    at += text.length;
    return isSample ? (
      <Mark key={key} color="yellow" className="tearoff-code tearoff-sample">
        {text}
      </Mark>
    ) : (
      <span key={key}>{text}</span>
    );
  });
}
