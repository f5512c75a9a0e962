import { memoryBudgets } from '../../shared/adapters/memory-budgets.ts';
import { sharedReads } from '../../shared/adapters/store/shared-reads.ts';
import { stores } from '../../shared/adapters/store/stores.ts';
import type { Table } from '../../shared/adapters/store/table.ts';
import type { MeasureMessage, PublishMessage } from '../../shared/domain/messages.ts';
import type { Deps, Queue } from '../../shared/ports.ts';
import type { FunctionName } from '../support/function-rights.ts';
import { heldToRights } from '../support/held-to-rights.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { type Chaos, drawChaos } from './chaos.ts';
import { laggingTable } from './lagging-table.ts';
import { type Machine, machine } from './machine.ts';
import { memoryQueue } from './memory-queue.ts';
import { memoryScheduler } from './memory-scheduler.ts';
import { headWatch, newObserved, type Observed } from './observer.ts';
import { hash, prng } from './prng.ts';
import { type HttpWorld, simHttp } from './sim-http.ts';
import { simNetworks } from './sim-networks.ts';
import { simProviders } from './sim-providers.ts';
import { virtualClock } from './virtual-clock.ts';

/** Takes one protection away from what a machine works with. */
export type Mutate = (deps: Deps, machine: Machine) => Deps;

export type SimOptions = {
  readonly seed: number;
  readonly start: number;
  readonly healAt: number;
  readonly mutate?: Mutate;
  /** Hears every line of the timeline. */
  readonly listen?: (line: string) => void;
  readonly chaos?: (drawn: Chaos) => Chaos;
};

/** So often the queue doubles one and the same message. */
const MOST_COPIES = 10;

/** The world of one seed: its clock, its faults, its AWS, its networks, and machines to run our code on. */
export function simWorld(options: SimOptions) {
  const random = prng(options.seed, 'world');
  const clock = virtualClock(options.start);
  const drawn = drawChaos(random.fork('chaos'), options.start, options.healAt);
  const chaos = options.chaos?.(drawn) ?? drawn;
  let traced = hash(String(options.seed));
  let machines = 0;
  const trace = (line: string): void => {
    traced = hash(line, traced ^ clock.now());
    options.listen?.(`${new Date(clock.now()).toISOString().slice(11, 23)} ${line}`);
  };
  const networks = simNetworks({ clock, chaos, prng: random.fork('networks'), trace });
  const observed: Observed = newObserved(networks.accepted);
  const heads = headWatch(observed, trace);
  const store = laggingTable(clock, () => chaos.indexLag(clock.now()), heads.seen);
  const copied = new Map<string, number>();
  const queue = memoryQueue<PublishMessage>(clock, {
    // A message that is put back again and again would otherwise double each time, and fill the world.
    copies: (body) => {
      const copies = chaos.copies(clock.now()).slice(0, (copied.get(body) ?? 0) < MOST_COPIES ? 5 : 1);
      copied.set(body, (copied.get(body) ?? 0) + copies.length);
      return copies;
    },
  });
  const scheduler = memoryScheduler(
    clock,
    {
      send: async (message) => {
        if (chaos.away('queue', clock.now())) throw new Error('the queue is away');
        return queue.send(message);
      },
    },
    () => chaos.scheduleLate(clock.now()),
  );
  const providers = simProviders();
  const http: HttpWorld = {
    clock,
    chaos,
    prng: random.fork('http'),
    networks,
    told: (wait) => void observed.waits.push(wait),
    sent: (one) => void observed.sent.push({ ...one, dueAt: heads.dueOf(one.deliveryId) }),
  };

  const log =
    ({ id }: Machine) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      const { state = '', outcome = '', code = '', error = '' } = fields;
      trace(`m${id} ${message} ${[state, outcome, code, error].join(' ')}`);
    };

  function depsOn(on: Machine, role: FunctionName): Deps {
    const { call } = on;
    const held = heldToRights(
      (what) => void observed.problems.push({ kind: 'notAllowed', what }),
      () => role,
    );
    const entropy = random.fork(`m${on.id}`);
    const deps: Deps = {
      ...stores(sharedReads(tableOn(on, held.table(store.table))), on.clock.now),
      clock: on.clock,
      random: { bytes: entropy.bytes },
      log: { info: log(on), warn: log(on), error: log(on) },
      settings: {
        stage: 'simulation',
        laptop: false,
        mailFrom: 'mail@sendeplan.example',
        publicUrl: 'https://sendeplan.example',
      },
      scheduler: {
        ...scheduler,
        arm: (wake) => call('scheduler', 'arm', () => scheduler.arm(wake)),
        disarm: (wake) => call('scheduler', 'disarm', () => scheduler.disarm(wake)),
      },
      publishQueue: {
        send: (message, sending) => call('queue', `send ${message.kind}`, () => queue.send(message, sending)),
      },
      measureQueue: nowhere<MeasureMessage>(),
      reportQueue: { send: () => call('queue', 'send alert', async () => undefined) },
      bucket: memoryBucket(),
      deadLetters: () => ({ put: async () => undefined }),
      bus: {
        announce: (events) =>
          call('bus', 'announce', async () => {
            for (const event of events) trace(`told ${event.type}`);
            observed.events.push(...events);
          }),
      },
      mailer: {
        send: async () => ({ kind: 'sent', messageId: 'm' }),
        wasSent: async () => ({ kind: 'unknown' }),
      },
      vault: {
        newDataKey: async () => 'data-key',
        seal: async (_agency, _owner, _field, plain) => plain,
        open: async (_agency, _owner, _field, sealed) => sealed,
      },
      http: simHttp(http, on),
      budgets: memoryBudgets(on.clock.now),
      provider: async (id) =>
        Object.hasOwn(providers, id) ? providers[id as keyof typeof providers] : undefined,
      providers: async () => Object.values(providers),
    };
    return held.deps(options.mutate?.(deps, on) ?? deps);
  }

  return {
    /** The stores without faults, for setting up and for judging. */
    plain: stores(store.table, clock.now),
    clock,
    chaos,
    random,
    networks,
    observed,
    store,
    queue,
    trace,
    /** Equal for equal timelines. */
    traceHash: () => traced,
    /** A machine of a function with a fresh memory, and what our code is given on it. */
    boot: (role: FunctionName): { on: Machine; deps: Deps } => {
      machines += 1;
      const on = machine({ clock, chaos, trace }, machines);
      return { on, deps: depsOn(on, role) };
    },
  };
}

export type SimWorld = ReturnType<typeof simWorld>;

function tableOn({ call }: Machine, table: Table): Table {
  return {
    get: (key) => call('store', 'get', () => table.get(key)),
    getLately: (keys) => call('store', 'getLately', () => table.getLately(keys)),
    put: (item, conditions) => call('store', 'put', () => table.put(item, conditions)),
    update: (key, change, conditions) => call('store', 'update', () => table.update(key, change, conditions)),
    delete: (key, conditions) => call('store', 'delete', () => table.delete(key, conditions)),
    query: (request) => call('store', 'query', () => table.query(request)),
    queryIndex: (name, request) => call('store', 'queryIndex', () => table.queryIndex(name, request)),
  };
}

const nowhere = <Message>(): Queue<Message> => ({ send: async () => undefined });
