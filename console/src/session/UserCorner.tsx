import { lazy, Suspense, useState } from "react";
import { UserButton } from "./UserButton";

const load = () => import("./UserMenu");
const UserMenu = lazy(async () => ({ default: (await load()).UserMenu }));

/** The corner of the person: the menu is loaded when somebody reaches for it. */
export function UserCorner() {
  const [isAsked, setAsked] = useState(false);
  const closed = (
    <UserButton
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setAsked(true)}
    />
  );
  if (!isAsked) return closed;
  return (
    <Suspense fallback={closed}>
      <UserMenu />
    </Suspense>
  );
}
