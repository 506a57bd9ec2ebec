type Say = (message: string) => void;

let say: Say | undefined;
const waiting: string[] = [];
let wake: (() => void) | undefined;

/** Say shortly that something was done. */
export function done(message: string) {
  if (say) say(message);
  else waiting.push(message);
  wake?.();
}

/** Call back at the first notice: what shows notices is loaded only then. Gives the way to stop. */
export function onFirstNotice(ready: () => void): () => void {
  wake = ready;
  return () => {
    wake = undefined;
  };
}

/** Take the notices over, those that waited first. */
export function showWith(show: Say) {
  say = show;
  for (const message of waiting.splice(0)) show(message);
}
