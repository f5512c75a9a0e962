import { deliveryId } from '../../shared/domain/ids.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import type { Chaos } from './chaos.ts';
import { judge } from './invariants.ts';
import type { Problem } from './observer.ts';
import { type People, people } from './people.ts';
import { peopleInCharge } from './people-in-charge.ts';
import { prng } from './prng.ts';
import { ACTIVE, drawScenario, type EditKind, type PlannedPost, type Scenario } from './scenario.ts';
import { type NetworkId, SAFETY } from './sim-networks.ts';
import { type Mutate, type SimWorld, simWorld } from './sim-world.ts';
import { startWorkers } from './workers.ts';

/** Monday, 30 November 2026, 07:00 UTC. */
const START = Date.UTC(2026, 10, 30, 7);
/** So long after the last fault everything has come to rest: the longest retry, and a held delivery's review. */
const REST = 200 * MINUTE;

export type RunOptions = {
  readonly mutate?: Mutate;
  readonly rescues?: boolean;
  readonly listen?: (line: string) => void;
  readonly chaos?: (drawn: Chaos) => Chaos;
};

export type Run = {
  readonly problems: readonly Problem[];
  readonly traceHash: number;
  readonly crashes: number;
  readonly published: number;
  /** Deliveries that ended uncertain on networks that can be asked. */
  readonly uncertain: number;
  /** Deliveries that rescue has given up, because nothing moved them. */
  readonly givenUp: number;
  /** Deliveries that began a second and more after their time, although nothing and nobody had put them off. */
  readonly late: readonly string[];
};

/** One seed, from its first post until all has come to rest. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<Run> {
  const { rescues = true, ...rest } = options;
  const world = simWorld({ seed, start: START, healAt: START + ACTIVE, ...rest });
  const scenario = drawScenario(prng(seed, 'scenario'), START);
  await settle(world, scenario);
  const workers = startWorkers(world, { rescues });
  const someone = people(world, scenario);
  const charge = peopleInCharge(world, someone);
  const { clock } = world;
  const started = (act: Promise<void>): void => void act.catch((error) => world.trace(String(error)));

  for (const post of scenario.posts) clock.at(post.createAt, () => started(someone.create(post)));
  for (const act of scenario.acts) {
    clock.at(act.at, () => {
      if (act.kind === 'hold') return started(charge.hold(act));
      if (act.kind === 'revoke') return started(charge.revoke(act));
      const planned = scenario.posts.find(({ key }) => key === act.post);
      if (!planned) return;
      started(changed(someone, planned, act.kind));
    });
  }
  for (const part of [0.4, 0.6, 0.8]) clock.at(START + ACTIVE * part, () => started(charge.decide(0.2)));
  clock.at(START + ACTIVE + MINUTE, () => {
    started(charge.releaseAll(scenario.cast.agencies.map(({ id }) => id)));
    for (const channel of scenario.cast.channels) started(charge.reconnect(channel));
  });

  await workers.pass(START + ACTIVE + 10 * MINUTE);
  await workers.pass(START + ACTIVE + REST, async () => !world.store.wakesBy(START + ACTIVE + 2 * REST));
  await clock.run(clock.now() + 10 * MINUTE);
  return verdict(world);
}

async function changed(
  someone: People,
  planned: PlannedPost,
  kind: 'cancel' | 'delete' | EditKind,
): Promise<void> {
  const { key, dueAt } = planned;
  if (kind === 'cancel') return someone.cancel(key);
  if (kind === 'delete') return someone.remove(planned);
  if (kind !== 'thereAndBack') return someone.edit(key, planned, kind);
  await someone.edit(key, planned, 'editTime', dueAt + 30 * MINUTE);
  await someone.edit(key, planned, 'editTime', dueAt);
}

/** Agencies, brands and channels are there before anything can fail. */
async function settle(world: SimWorld, { cast }: Scenario): Promise<void> {
  const { agencies, brands, channels } = world.plain;
  for (const agency of cast.agencies) await agencies.create(agency);
  for (const brand of cast.brands) await brands.create(brand);
  for (const channel of cast.channels) await channels.create(channel);
}

async function verdict(world: SimWorld): Promise<Run> {
  const { observed, chaos, plain } = world;
  const problems = await judge(plain, observed, chaos.skewed);
  let uncertain = 0;
  let givenUp = 0;
  const late: string[] = [];
  for (const [postId, { agencyId }] of observed.created) {
    const post = await plain.posts.get(agencyId, postId);
    for (const { n, state, network, code } of post?.deliveries ?? []) {
      if (code === 'internal') givenUp += 1;
      const id = deliveryId(postId, n);
      const first = observed.sent.find((one) => one.deliveryId === id);
      const promised = Math.max(first?.dueAt ?? 0, post?.createdAt ?? 0);
      // What goes out in steps is prepared before it is sent.
      const isFree = network !== 'steps' && !observed.putOff.has(id) && !observed.byHand.has(id);
      if (first && isFree && first.at >= promised + 1_000) late.push(`${id} by ${first.at - promised} ms`);
      if (state === 'uncertain' && SAFETY[network as NetworkId].kind === 'findable') uncertain += 1;
    }
  }
  return {
    problems,
    traceHash: world.traceHash(),
    crashes: chaos.crashes.count,
    published: observed.accepted.length,
    uncertain,
    givenUp,
    late,
  };
}
