export type Snippet = Readonly<Record<string, unknown>>;

/** The reason for which YouTube refuses a snippet; undefined for a good one. */
export function snippetProblem({ title, description = '' }: Snippet): string | undefined {
  if (typeof title !== 'string' || title === '' || title.length > 100 || /[<>]/.test(title)) {
    return 'invalidTitle';
  }
  if (typeof description !== 'string' || Buffer.byteLength(description) > 5_000 || /[<>]/.test(description)) {
    return 'invalidDescription';
  }
  return undefined;
}

/** An update wants a category, too. */
export const updateProblem = (snippet: Snippet): string | undefined =>
  snippetProblem(snippet) ?? (/^\d+$/.test(String(snippet.categoryId)) ? undefined : 'invalidCategoryId');
