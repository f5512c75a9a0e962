import type { Actor } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import { sha256 } from '../domain/ids.ts';
import type { Instant } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import type { BrandRecord, BrandRecords, BrandTrace } from '../store-ports.ts';
import { cancelOpen, openDeliveries } from './open-deliveries.ts';

export type ErasureReceipt = {
  readonly agencyId: string;
  readonly brandId: string;
  readonly erasedAt: Instant;
  /** How many items of each kind; `file` are those of the media bucket. */
  readonly counts: Readonly<Record<string, number>>;
  /** SHA-256 over the sorted SHA-256 of each erased item's key and each file's path, hexadecimal, one per line. */
  readonly hash: string;
};
export type EraseBrand = {
  readonly brandId: string;
  readonly cancel: boolean;
  readonly actor: Actor;
  /** How long a call of a function may last that has read the brand before it went, in ms. */
  readonly graceMs: number;
};
type Erasing = Deps & { readonly records: BrandRecords };

const AT_ONCE = 20;
/** Each finds what was written in the one before, and the last finds nothing. */
const ROUNDS = 5;

/**
 * Erases all that is stored of a brand, also of one that was deleted before, and leaves one audit entry with the
 * receipt. What is on the networks, and their logins, stays. After a crash, a repeat goes on and gives the receipt
 * of the whole; after the end, it gives the same receipt again.
 * @throws AppError `not_found`; `conflict` while deliveries are open, unless `cancel`, and while some are going out
 */
export async function eraseBrand(deps: Erasing, act: EraseBrand): Promise<ErasureReceipt> {
  const trace = await deps.records.trace(act.brandId);
  if (!trace) throw notFound('brand');
  await refuseOpen(deps, trace, act);
  await deps.scheduler.disarmReport(act.brandId);
  if (!(await eraseAll(deps, trace, act)) && trace.erased) {
    await deps.records.forgetNotes(trace);
    return receiptOf(trace, trace.erased);
  }
  const at = deps.clock.now();
  const data = summary(await deps.records.notes(trace));
  await deps.audit.append(trace.agencyId, {
    at,
    actor: act.actor,
    act: 'brand.erase',
    target: act.brandId,
    data,
  });
  await deps.records.forgetNotes(trace);
  return receiptOf(trace, { at, data });
}

/** @returns whether there was anything */
async function eraseAll(deps: Erasing, first: BrandTrace, act: EraseBrand): Promise<boolean> {
  const brand = await recordsOf(deps, first);
  if (brand.length === 0) return false;
  // The brand itself goes first of all, so that nothing more can be queued, and then what still works with it ends.
  await deps.records.addNotes(first, hashesOf(brand));
  await eraseTurn(deps, first, brand, 0);
  await refuseOpen(deps, first, act);
  await deps.clock.sleep(act.graceMs);
  for (let round = 1; round <= ROUNDS; round++) {
    const trace = (await deps.records.trace(act.brandId)) ?? first;
    const records = await recordsOf(deps, trace);
    if (records.length === 0) return true;
    await deps.records.addNotes(trace, hashesOf(records));
    const turns = new Set(records.map(({ turn }) => turn));
    for (const turn of [...turns].sort((one, other) => one - other)) {
      await eraseTurn(deps, trace, records, turn);
    }
  }
  throw new Error('The brand is being written to all the time: stop that, and try again.');
}

async function recordsOf(deps: Erasing, trace: BrandTrace): Promise<BrandRecord[]> {
  const records: BrandRecord[] = [];
  for await (const record of deps.records.all(trace)) records.push(record);
  return records;
}

async function eraseTurn(
  deps: Erasing,
  trace: BrandTrace,
  records: readonly BrandRecord[],
  turn: number,
): Promise<void> {
  const due = records.filter((record) => record.turn === turn);
  for (let first = 0; first < due.length; first += AT_ONCE) {
    await Promise.all(due.slice(first, first + AT_ONCE).map((record) => eraseOne(deps, trace, record)));
  }
}

async function eraseOne(deps: Erasing, trace: BrandTrace, record: BrandRecord): Promise<void> {
  for (const path of record.paths) await deps.bucket.delete(path);
  await deps.records.erase(trace, record);
}

async function refuseOpen(deps: Erasing, trace: BrandTrace, { cancel, actor }: EraseBrand): Promise<void> {
  const { agencyId, brandId } = trace;
  if (cancel) await cancelOpen(deps, { agencyId, brandId, actor });
  const open = await openDeliveries(deps, { agencyId, brandId });
  if (open.length === 0) return;
  throw new AppError(
    'conflict',
    cancel
      ? 'Some deliveries are going out, or are with a person: try again in a minute, or resolve them.'
      : 'Deliveries are still open: cancel them first.',
    { data: { deliveries: open } },
  );
}

function hashesOf(records: readonly BrandRecord[]): Map<string, Set<string>> {
  const hashes = new Map<string, Set<string>>();
  const note = (kind: string, name: string): void => {
    const known = hashes.get(kind) ?? new Set();
    hashes.set(kind, known.add(sha256(name)));
  };
  for (const { kind, name, paths } of records) {
    note(kind, name);
    for (const path of paths) note('file', path);
  }
  return hashes;
}

function summary(notes: ReadonlyMap<string, ReadonlySet<string>>) {
  const counts = Object.fromEntries([...notes].map(([kind, hashes]) => [kind, hashes.size]).sort());
  const all = [...notes.values()].flatMap((hashes) => [...hashes]).sort();
  return { counts, hash: sha256(all.join('\n')) };
}

function receiptOf(
  { agencyId, brandId }: BrandTrace,
  { at, data = {} }: NonNullable<BrandTrace['erased']>,
): ErasureReceipt {
  const { counts, hash } = data as ReturnType<typeof summary>;
  return { agencyId, brandId, erasedAt: at, counts: counts as Record<string, number>, hash };
}
