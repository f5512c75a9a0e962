import type * as z from 'zod';
import type { Variant } from '../domain/content.ts';

/**
 * Reads the options of a variant that are a network's own: those of its base may be meant for other networks.
 * Undefined: one of them is invalid.
 */
export function ownOptions<Shape extends z.ZodRawShape>(options: z.ZodObject<Shape>) {
  const own = options.strip();
  return (variant: Pick<Variant, 'options'>): z.infer<typeof own> | undefined =>
    own.safeParse(variant.options ?? {}).data;
}
