import { join } from 'node:path';
import * as z from 'zod';
import { readIfThere, writeDurably } from './durable-file.ts';

const agencySchema = z.object({ agencyId: z.string(), key: z.string() });
export type LocalAgency = z.infer<typeof agencySchema>;

/** The laptop's agency and its admin key: made at the first start, and the same ever after. */
export async function localAgency(home: string, create: () => Promise<LocalAgency>): Promise<LocalAgency> {
  const path = join(home, 'agency.json');
  const kept = await readIfThere(path);
  if (kept !== undefined) return agencySchema.parse(JSON.parse(kept));
  const made = agencySchema.parse(await create());
  await writeDurably(path, `${JSON.stringify(made, null, 2)}\n`, 0o600);
  return made;
}
