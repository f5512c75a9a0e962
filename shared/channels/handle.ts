import type * as z from 'zod';
import type { Instant } from '../domain/time.ts';
import type { Outcome } from './provider.ts';

/** What an earlier step left, as the JSON of a schema; undefined: there is none, or it is none of ours. */
export function readHandle<Handle>(
  schema: z.ZodType<Handle>,
  handle: string | undefined,
): Handle | undefined {
  try {
    return schema.safeParse(JSON.parse(handle ?? '')).data;
  } catch {
    return undefined;
  }
}

/**
 * What a provider of several steps leaves for the next one, as short JSON. Every field of the schema is optional: a
 * handle that cannot be read is one that has nothing in it, and the work begins anew.
 */
export function handles<Handle extends object>(schema: z.ZodType<Handle>) {
  return {
    handleOf: ({ handle }: { readonly handle?: string }): Handle =>
      readHandle(schema, handle) ?? schema.parse({}),
    pending: (handle: Handle, checkAt: Instant): Outcome & { kind: 'pending' } => ({
      kind: 'pending',
      handle: JSON.stringify(handle),
      checkAt,
    }),
  };
}
