import type * as z from 'zod';
import type { Instant } from '../domain/time.ts';
import { type Outcome, UnreadableHandle } from './provider.ts';

/**
 * What an earlier step left, as the JSON of a schema; undefined: there is none.
 * @throws UnreadableHandle
 */
export function readHandle<Handle>(
  schema: z.ZodType<Handle>,
  handle: string | undefined,
): Handle | undefined {
  if (handle === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(handle));
  } catch (cause) {
    throw new UnreadableHandle('What an earlier step left cannot be read.', { cause });
  }
}

/** What a provider of several steps leaves for the next one, as short JSON. Every field of the schema is optional. */
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
