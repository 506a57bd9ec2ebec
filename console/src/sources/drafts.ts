import type { Schema } from "@/api/client";

export type Source = Schema<"SourceView">;

/** A header while it is typed; the list keeps its order. */
export type Header = { name: string; value: string };

/** What of a source is written on its page. */
export type Draft = {
  name: string;
  connector: string | null;
  method: "GET" | "POST";
  url: string;
  headers: Header[];
  body: string;
  format: "json" | "xml" | "text";
  timeoutSeconds: number;
  sizeMax: number;
  retries: number;
  onFailure: "fail" | "null";
};

/** The source as it is kept, ready to be changed. */
export function draftOf(source: Source): Draft {
  const { name, connector, method = "GET", url, headers, body, format = "json" } = source;
  const { timeoutSeconds = 10, sizeMax = 1_048_576, retries = 2, onFailure = "fail" } = source;
  const pairs = Object.entries(headers ?? {}).map(([name, value]) => ({ name, value }));
  return {
    name,
    connector,
    method,
    url,
    headers: pairs,
    body: body ?? "",
    format,
    timeoutSeconds,
    sizeMax,
    retries,
    onFailure,
  };
}

/** How a source would be called, as the API takes it. */
export function callOf({ name: _, connector: __, headers, body, ...call }: Draft): Schema<"HttpCall"> {
  const named = headers.filter(({ name }) => name.trim());
  return {
    ...call,
    headers: Object.fromEntries(named.map(({ name, value }) => [name.trim(), value])),
    body: call.method === "POST" ? body : null,
  };
}
