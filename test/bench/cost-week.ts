import type { Agency } from '../../shared/domain/agency.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../shared/domain/time.ts';
import { createAgency } from '../../shared/usecases/create-agency.ts';
import { rescue } from '../../shared/usecases/rescue.ts';
import { aBrand, aChannel, anId } from '../support/builders.ts';
import type { Line } from './cost-meter.ts';
import { type CostWorld, costWorld } from './cost-world.ts';

const WEEK = 7 * DAY;
/** Monday, 5 October 2026, 00:00 UTC. */
const START: Instant = Date.UTC(2026, 9, 5);
/** The last age is 30 days: in the sixth week every age of a steady life is met. */
const WARM_UP = 5 * WEEK;
const CHANNELS = 3;
/** So many brands share the messages of a sweep. */
const BRANDS = 10;

/**
 * What some brands of one agency use in a week of their steady life: so many posts each on three channels are queued a
 * day ahead, go out, are measured at six ages by the hourly sweeps, and told in one report to two recipients. The
 * sweep's own part, which all brands share, is in it.
 */
export async function brandsWeek(posts: number): Promise<{ brands: number; lines: readonly Line[] }> {
  const world = costWorld(START);
  const { key, clients } = await anAgency(world, BRANDS);
  for (let at = START + 20 * MINUTE; at < START + WARM_UP + WEEK; at += HOUR) {
    world.clock.at(at, () => world.enqueue('measure', '{"kind":"sweep"}', 0));
  }
  // One post a minute at the most, and not all at the full hour.
  const every = Math.floor(WEEK / posts / MINUTE) * MINUTE;
  const weeks = (WARM_UP + WEEK) / WEEK;
  for (let n = 0; n < posts * weeks * BRANDS; n += 1) {
    const { brandId, channels } = clients[n % BRANDS] as (typeof clients)[number];
    const nth = Math.floor(n / BRANDS);
    // Each brand some minutes after the other one.
    const dueAt =
      START +
      Math.floor(nth / posts) * WEEK +
      (nth % posts) * every +
      DAY +
      (10 + 17 * (n % BRANDS)) * MINUTE;
    const text = `Number ${n}: ${'Fresh bread from seven o’clock, and rolls as long as there are any. '.repeat(3)}`;
    const body = {
      content: { text, link: `https://bakery.example/${n}` },
      channels,
      dueAt: new Date(dueAt).toISOString(),
    };
    world.begin(dueAt - DAY, () => world.post(`/v1/brands/${brandId}/posts`, key, body));
  }
  await world.run(START + WARM_UP);
  world.used.reset();
  await world.run(START + WARM_UP + WEEK);
  return { brands: BRANDS, lines: world.used.lines() };
}

/**
 * What each of the recurring works uses when nothing is to be done; `brands` is one of a sweep's messages, which comes
 * with the sweep.
 */
export async function idleRuns(): Promise<Record<'sweep' | 'brands' | 'renew' | 'rescue', readonly Line[]>> {
  const world = costWorld(START);
  const { agencyId, clients } = await anAgency(world, 1);
  const brandIds = clients.map(({ brandId }) => brandId);
  const used = async (begin: () => void): Promise<readonly Line[]> => {
    world.used.reset();
    begin();
    await world.run(world.clock.now() + HOUR);
    return world.used.lines();
  };
  const once = (kind: string) => used(() => world.enqueue('measure', JSON.stringify({ kind }), 0));
  await once('sweep');
  const [since, at] = [START + HOUR, START + 2 * HOUR];
  return {
    sweep: await once('sweep'),
    brands: await used(() =>
      world.enqueue('measure', JSON.stringify({ kind: 'brands', agencyId, brandIds, since, at }), 0),
    ),
    renew: await once('renew'),
    rescue: await used(() =>
      world.begin(world.clock.now(), () =>
        world.used.invoke('rescue', world.clock.now, () => rescue(world.deps)),
      ),
    ),
  };
}

async function anAgency(world: CostWorld, brands: number) {
  const { plain, deps } = world;
  const { agencyId, key } = await world.done(createAgency({ ...deps, ...plain }, { name: 'Agency' }));
  const agency = await plain.agencies.get(agencyId);
  if (!agency) throw new Error('no agency');
  const clients: { brandId: string; channels: string[] }[] = [];
  for (let n = 1; n <= brands; n += 1) clients.push(await aClient(world, agency, n));
  return { agencyId, key, clients };
}

async function aClient(world: CostWorld, agency: Agency, which: number) {
  const { plain, deps } = world;
  const agencyId = agency.id;
  const brand = aBrand({
    id: anId('brd', `brand ${which}`),
    agencyId,
    report: {
      weekday: 'monday',
      time: '08:00',
      recipients: [{ email: 'client@bakery.example' }, { email: 'lead@agency.example', audience: 'agency' }],
    },
    createdAt: START - WEEK,
  });
  await plain.brands.create(brand);
  const channels: string[] = [];
  for (let n = 1; n <= CHANNELS; n += 1) {
    const id = anId('chn', `channel ${n} of ${which}`);
    const credential = JSON.stringify({
      instanceUrl: `https://social-${n}.example`,
      accessToken: `token-${n}`,
    });
    const account = {
      id: `${which}@social-${n}.example`,
      handle: `@bakery@social-${n}.example`,
      url: `https://social-${n}.example/@bakery`,
    };
    const sealed = await world.done(deps.vault.seal(agency, id, 'credential', credential));
    await plain.channels.create(
      aChannel({ id, agencyId, brandId: brand.id, account, credential: sealed, name: `Channel ${n}` }),
    );
    channels.push(id);
  }
  await world.done(deps.scheduler.armReport(brand));
  return { brandId: brand.id, channels };
}
