import { useMemo, useState } from "react";
import { api, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problems";
import { queries } from "@/api/queries";
import { useMayEdit } from "@/session/session";
import { type Blocks, blocksOf, type KindName, type Place } from "../blocks";
import { added, freshName, linked, moved, renamed, without, withParameter } from "../edits";
import { useHistory } from "../history";
import { layout, placeBelow, placed } from "../layout";
import { UNMARKED } from "../marks";
import type { Draft, Panel } from "./draft";
import { useCheck, useProblemsOf } from "./useCheck";
import { useMeanwhile } from "./useMeanwhile";

/** The stored draft of a workflow, opened to be changed. */
export function useNewDraft(workflow: Schema<"WorkflowView">): Draft {
  const mayEdit = useMayEdit();
  const stored = useMemo(() => placed(blocksOf(workflow.blocks)), [workflow.blocks]);
  const { present: blocks, edit, ...history } = useHistory<Blocks>(stored);
  const [saved, setSaved] = useState(blocks);
  const [chosen, setChosen] = useState<string[]>([]);
  const [panel, show] = useState<Panel>("list");
  const [marks, setMarks] = useState(UNMARKED);
  const problems = useCheck(workflow.key, blocks, mayEdit);
  const change = api.useMutation("patch", "/v1/workflows/{workflow}");
  const isDirty = blocks !== saved && JSON.stringify(blocks) !== JSON.stringify(saved);
  const take = (theirs: Blocks) => {
    edit(() => theirs);
    setSaved(theirs);
  };
  const [meanwhile, known] = useMeanwhile({ stored, version: workflow.draftVersion, blocks, isDirty, take });
  const here = chosen.filter((name) => name in blocks);
  const choose = (names: string[]) => {
    setChosen(names);
    if (panel !== "test") show(names.length === 1 ? "block" : "list");
  };
  const add = (kind: KindName, place?: Place) => {
    const name = freshName(blocks, kind);
    const from = place ? undefined : here.at(-1);
    edit((old) => added(old, name, kind, place ?? placeBelow(old, from), from));
    setChosen([name]);
    show("block");
  };
  const remove: Draft["remove"] = (names, exits = []) =>
    edit((old) =>
      without(
        exits.reduce((all, [from, exit]) => linked(all, from, exit, null), old),
        names,
      ),
    );
  const saveOver = async (draftVersion: number) => {
    try {
      const kept = await change.mutateAsync({
        params: { path: { workflow: workflow.key } },
        body: { blocks, draftVersion },
      });
      setSaved(blocks);
      known.saved(blocks, kept.draftVersion);
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "draft-changed") {
        await queries.invalidateQueries({ queryKey: ["get", "/v1/workflows/{workflow}"] });
        meanwhile.wait();
      }
      throw error;
    }
  };
  return {
    workflow,
    blocks,
    mayEdit,
    isDirty,
    meanwhile,
    chosen: here,
    choose,
    panel,
    show,
    marks,
    setMarks,
    problems,
    problemsOf: useProblemsOf(problems, blocks),
    add,
    remove,
    join: (from, exit, to) => edit((old) => linked(old, from, exit, to)),
    set: (name, parameter, value) => edit((old) => withParameter(old, name, parameter, value), `${name}/${parameter}`),
    rename: (from, to) => {
      edit((old) => renamed(old, from, to));
      setChosen([to]);
    },
    move: (places) => edit((old) => moved(old, Object.fromEntries(places.map(({ id, position }) => [id, position])))),
    arrange: () => edit((old) => moved(old, layout(old))),
    ...history,
    save: () => saveOver(known.version()),
    saveOver: () => saveOver(workflow.draftVersion),
    isSaving: change.isPending,
    failure: meanwhile.state === "waiting" ? null : change.error,
  };
}
