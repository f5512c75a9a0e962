import { memoryBudgets } from '../../shared/adapters/memory-budgets.ts';
import { stores } from '../../shared/adapters/store/stores.ts';
import type { Brand } from '../../shared/domain/brand.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { OutsideEvent } from '../../shared/domain/events.ts';
import {
  type MeasureMessage,
  type PublishMessage,
  publishMessage,
  type ReportMessage,
} from '../../shared/domain/messages.ts';
import { postInput } from '../../shared/domain/post.ts';
import type { Deps } from '../../shared/ports.ts';
import { createPost } from '../../shared/usecases/create-post.ts';
import { handlePublish } from '../../shared/usecases/handle-publish.ts';
import { rescue } from '../../shared/usecases/rescue.ts';
import { aBrand, aChannel, anActor, anAgency, anId } from '../support/builders.ts';
import { asFunction, heldToRights } from '../support/held-to-rights.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { memoryQueue } from './memory-queue.ts';
import { memoryScheduler } from './memory-scheduler.ts';
import { memoryTable } from './memory-table.ts';
import { type ScriptedNetwork, scriptedNetwork } from './scripted-network.ts';
import { virtualClock } from './virtual-clock.ts';

/** Monday, 30 November 2026, 07:00 UTC. */
export const START = Date.UTC(2026, 10, 30, 7);

/**
 * The real use cases over a simulated world: one agency and brand, three networks (`idem`, `find`, `blind`), with a
 * channel on each, virtual time, and the queue, scheduler and store of the simulation.
 */
export async function world(options: { brand?: Partial<Brand>; deps?: Partial<Deps> } = {}) {
  const clock = virtualClock(START);
  const publishQueue = memoryQueue<PublishMessage>(clock);
  const scheduler = memoryScheduler(clock, publishQueue);
  const networks = {
    idem: scriptedNetwork('idem', { kind: 'idempotent', forMinutes: 50 }, clock.now),
    find: scriptedNetwork('find', { kind: 'findable', findAfterSeconds: 20 }, clock.now),
    blind: scriptedNetwork('blind', { kind: 'blind' }, clock.now),
  };
  const events: OutsideEvent[] = [];
  let seed = 1;
  const beyond: string[] = [];
  const held = heldToRights((what) => void beyond.push(what));
  const deps: Deps = held.deps({
    ...stores(held.table(memoryTable())),
    clock,
    random: {
      bytes: (count) =>
        Uint8Array.from({ length: count }, () => {
          seed = (seed * 16_807) % 2_147_483_647;
          return seed & 255;
        }),
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    settings: {
      stage: 'simulation',
      laptop: true,
      mailFrom: 'mail@sendeplan.example',
      publicUrl: 'http://127.0.0.1',
    },
    scheduler,
    publishQueue,
    measureQueue: memoryQueue<MeasureMessage>(clock),
    reportQueue: memoryQueue<ReportMessage>(clock),
    bucket: memoryBucket(),
    deadLetters: () => ({ put: async () => undefined }),
    bus: { announce: async (told) => void events.push(...told) },
    mailer: {
      send: async () => ({ kind: 'sent', messageId: 'm' }),
      wasSent: async () => ({ kind: 'unknown' }),
    },
    vault: {
      newDataKey: async () => 'data-key',
      seal: async (_agency, _owner, _field, plain) => plain,
      open: async (_agency, _owner, _field, sealed) => sealed,
    },
    http: (request, beforeSend) => {
      const network = networks[new URL(request.url).hostname.split('.')[0] as keyof typeof networks];
      return network.http(request, beforeSend);
    },
    budgets: memoryBudgets(clock.now),
    provider: async (id) => (networks as Record<string, ScriptedNetwork>)[id]?.provider,
    providers: async () => Object.values(networks).map(({ provider }) => provider),
    ...options.deps,
  });
  const agency = anAgency();
  const brand = aBrand({ ...options.brand });
  await deps.agencies.create(agency);
  await deps.brands.create(brand);
  const channels = {} as Record<keyof typeof networks, Channel>;
  for (const network of ['idem', 'find', 'blind'] as const) {
    channels[network] = aChannel({ id: anId('chn', network), network, credential: '{"token":"t"}' });
    await deps.channels.create(channels[network]);
  }
  const resume = (): void =>
    publishQueue.consume((message, receives) =>
      asFunction('publish', () => handlePublish(deps, publishMessage.parse(message), receives)),
    );
  resume();

  /** Queues a post through the use case, due in so many seconds. */
  const queue = async (
    over: {
      text?: string;
      on?: readonly (keyof typeof networks)[];
      inSeconds?: number;
      key?: string;
      more?: Record<string, unknown>;
    } = {},
  ) => {
    const body = {
      content: { text: over.text ?? 'Fresh bread.' },
      channels: (over.on ?? ['find']).map((network) => channels[network].id),
      dueAt: new Date(clock.now() + (over.inSeconds ?? 60) * 1_000).toISOString(),
      ...over.more,
    };
    const input = postInput.parse(body);
    const created = await createPost(deps, {
      agency,
      actor: anActor(),
      brand,
      input,
      body,
      ...(over.key === undefined ? {} : { idempotencyKey: over.key }),
    });
    return created.post;
  };
  const delivery = async (postId: string, n = 1) => {
    const post = await deps.posts.get(agency.id, postId);
    const found = post?.deliveries.find((one) => one.n === n);
    if (!found) throw new Error(`no delivery ${n} of ${postId}`);
    return found;
  };
  return {
    agency,
    brand,
    channels,
    clock,
    deps,
    networks,
    events,
    publishQueue,
    scheduler,
    queue,
    delivery,
    /** Messages are handled (again). */
    resume,
    /** Lets so many seconds pass, with rescue every minute. */
    pass: async (seconds: number) => {
      const until = clock.now() + seconds * 1_000;
      while (clock.now() < until) {
        await clock.run(Math.min(until, clock.now() + 60_000));
        await asFunction('rescue', () => rescue(deps));
        await clock.run(clock.now());
      }
      if (beyond.length > 0) throw new Error(`on AWS refused: ${beyond.join('; ')}`);
    },
  };
}
