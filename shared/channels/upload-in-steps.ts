import { type Instant, SECOND } from '../domain/time.ts';
import type { Outcome } from './provider.ts';

/** A step goes on for so long: a claim is fresh for 40 s, and a request that is under way may take 20 s more. */
const STEP = 15 * SECOND;

/**
 * Brings files to a network one after another, as far as the time of one step goes: many a server is small, and makes
 * several sizes of each. `before`: what earlier steps brought, in the files' order. `goOn`: this step's time is over,
 * and what is there must be kept before more is done, the post itself included.
 */
export async function uploadInSteps<File, Upload extends string | object>(
  files: readonly File[],
  before: readonly Upload[],
  upload: (file: File, index: number) => Promise<Upload | Outcome>,
  now: () => Instant,
): Promise<{ uploads: readonly Upload[]; goOn: boolean } | Outcome> {
  const uploads = [...before];
  const until = now() + STEP;
  const isOver = (): boolean => uploads.length > before.length && now() >= until;
  for (const [n, file] of files.slice(before.length).entries()) {
    if (isOver()) break;
    const one = await upload(file, before.length + n);
    if (isOutcome(one)) return one;
    uploads.push(one);
  }
  return { uploads, goOn: isOver() };
}

/** An upload has no `kind`. */
const isOutcome = (one: string | object): one is Outcome => typeof one === 'object' && 'kind' in one;
