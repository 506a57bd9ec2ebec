import { useSearchParams } from "react-router";

/** One filter of a list, kept in the address; setting it goes back to the first page. */
export function useFilter(name: string): [string, (value: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const set = (value: string | null) =>
    setParams(
      (old) => {
        if (value) old.set(name, value);
        else old.delete(name);
        old.delete("after");
        return old;
      },
      { replace: true },
    );
  return [params.get(name) ?? "", set];
}
