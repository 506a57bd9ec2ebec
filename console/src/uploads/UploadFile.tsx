import { useSearchParams } from "react-router";
import type { Pool } from "@/pools/pool";
import { ChooseFile } from "./ChooseFile";
import { ImportDone } from "./ImportDone";
import { FIRST, keepOptions } from "./options";
import { Preview } from "./Preview";

/** A file from the desk into the pool: chosen, checked, looked at, imported. The address holds how far that is. */
export function UploadFile({ pool }: { pool: Pool }) {
  const [params, setParams] = useSearchParams();
  const go = (step: Record<string, number>) =>
    setParams(Object.fromEntries(Object.entries(step).map(([name, id]) => [name, String(id)])), { replace: true });
  const task = Number(params.get("task"));
  const check = Number(params.get("check"));
  if (task) return <ImportDone key={task} id={task} onMore={() => go({})} />;
  if (check)
    return (
      <Preview
        key={check}
        pool={pool}
        id={check}
        onCheck={(id) => go({ check: id })}
        onImport={(id) => go({ task: id })}
        onOther={() => go({})}
      />
    );
  const sent = (id: number) => {
    keepOptions(id, FIRST);
    go({ check: id });
  };
  return <ChooseFile pool={pool} onSent={sent} />;
}
