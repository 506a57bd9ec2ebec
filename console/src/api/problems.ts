/** One thing that is wrong with a request: where (a JSON pointer) and what. */
export type FieldProblem = { pointer: string; detail: string };

/** What the API answered instead of what was asked for (RFC 9457). Status 0: it did not answer at all. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: FieldProblem[],
  ) {
    super(detail);
  }

  /** The same, with what a pattern finds taken off each pointer: for a form whose fields stand deeper in the body. */
  without(head: RegExp): ApiProblem {
    const errors = this.errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(head, ""), detail }));
    return new ApiProblem(this.status, this.code, this.detail, errors);
  }

  /** The problems as `{field: sentence}`, for a form whose fields are named as the body's. */
  fields(): Record<string, string> {
    return Object.fromEntries(
      this.errors.map(({ pointer, detail }) => [pointer.replace(/^\//, "").replaceAll("/", "."), detail]),
    );
  }
}

/** The problem behind a refused answer, whatever its body is. */
export async function problemOf(answer: Response): Promise<ApiProblem> {
  const body = await answer
    .clone()
    .json()
    .catch(() => ({}));
  const detail = body.detail ?? body.title ?? answer.statusText ?? "";
  return new ApiProblem(answer.status, body.type ?? "", detail || `HTTP ${answer.status}`, body.errors ?? []);
}
