import type { Actor } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import type { Brand, BrandInput } from '../domain/brand.ts';
import { toRfc3339 } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { type Reslot, reslotBrand, wallClockPosts } from './reslot-brand.ts';

type Change = {
  /** As it was read; the write is conditioned on its version. */
  readonly brand: Brand;
  readonly input: BrandInput;
  readonly reslot?: Reslot;
  readonly actor: Actor;
};

/**
 * Replaces what may be changed of a brand. Another zone asks what becomes of posts that were promised in local
 * time. Everything that follows from the change is done before the commit, so a repeat after a crash finishes it.
 */
export async function updateBrand(deps: Deps, { brand, input, reslot, actor }: Change): Promise<Brand> {
  const { id, agencyId, version, requestHash, createdAt, createdBy } = brand;
  const changed: Brand = {
    ...input,
    id,
    agencyId,
    version,
    ...(requestHash === undefined ? {} : { requestHash }),
    createdAt,
    createdBy,
  };
  if (changed.timeZone !== brand.timeZone) await moveZone(deps, changed, reslot, actor);
  if (firesOtherwise(brand, changed)) await deps.scheduler.armReport(changed);
  await deps.audit.append(agencyId, {
    at: deps.clock.now(),
    actor,
    act: 'brand.update',
    target: id,
    data: { fields: changedFields(brand, changed), ...(reslot === undefined ? {} : { reslot }) },
  });
  const stored = await deps.brands.replace(changed, version);
  if (stored === undefined) return lost(deps, changed);
  return stored;
}

async function moveZone(
  deps: Deps,
  { id: brandId, agencyId, timeZone }: Brand,
  mode: Reslot | undefined,
  actor: Actor,
): Promise<void> {
  if (mode !== undefined) {
    await reslotBrand(deps, { agencyId, brandId, timeZone, mode, actor });
    return;
  }
  const posts = await wallClockPosts(deps, agencyId, brandId);
  if (posts.length === 0) return;
  throw new AppError(
    'conflict',
    'Posts are queued in local time: say by ?reslot=keep-instant or ?reslot=keep-local what becomes of them.',
    { data: { posts: posts.map(({ dueAt, ...post }) => ({ ...post, dueAt: toRfc3339(dueAt) })) } },
  );
}

/** Somebody else was faster: the schedule must follow the brand that is stored now. */
async function lost(deps: Pick<Deps, 'brands' | 'scheduler'>, { agencyId, id }: Brand): Promise<never> {
  const stored = await deps.brands.get(agencyId, id);
  if (stored !== undefined) await deps.scheduler.armReport(stored);
  throw new AppError('stale', 'It was changed since you read it: read it again.');
}

function firesOtherwise(before: Brand, after: Brand): boolean {
  return (
    before.timeZone !== after.timeZone ||
    before.report.weekday !== after.report.weekday ||
    before.report.time !== after.report.time
  );
}

function changedFields(before: Brand, after: Brand): readonly string[] {
  const fields = ['name', 'timeZone', 'locale', 'latePolicy', 'alerts', 'report'] as const;
  return fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
}
