import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { Route } from '../../functions/api/route.ts';
import { fileOf } from '../../functions/api/router.ts';
import { httpPipeline } from '../../functions/pipeline.ts';
import { memoryBudgets } from '../../shared/adapters/memory-budgets.ts';
import { stores } from '../../shared/adapters/store/stores.ts';
import type { Table } from '../../shared/adapters/store/table.ts';
import type { ApiKey } from '../../shared/domain/agency.ts';
import { derivedId, sha256 } from '../../shared/domain/ids.ts';
import type { Instant } from '../../shared/domain/time.ts';
import type { AnyProvider, Deps, Mail } from '../../shared/ports.ts';
import type { AuditEntry } from '../../shared/store-ports.ts';
import { memoryTable } from '../simulation/memory-table.ts';
import { anAgency, anApiKey, MADE_AT } from './builders.ts';
import type { FunctionName } from './function-rights.ts';
import { asFunction, heldToRights } from './held-to-rights.ts';
import { httpEvent } from './http-event.ts';
import { memoryBucket } from './memory-bucket.ts';

export type ApiReply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON; undefined for another content type. Loosely typed: tests look at what callers see. */
  readonly body: Json;
  readonly text: string;
};
// biome-ignore lint/suspicious/noExplicitAny: what came over HTTP has no type
type Json = any;

export type ApiWorldOptions = {
  /** The routes under test; without them the whole table. */
  readonly routes?: readonly Route[];
  readonly providers?: readonly AnyProvider[];
  /** Parts of Deps that this test wants otherwise. */
  readonly deps?: Partial<Deps>;
  readonly now?: Instant;
};
export type ApiWorld = Awaited<ReturnType<typeof apiWorld>>;

/**
 * An API with one agency, stores in memory and fakes of everything else. `request` sends real HTTP API events
 * through the real pipeline. Keys: `admin`, `editor`, `reader`, and what `addKey` adds.
 */
export async function apiWorld(options: ApiWorldOptions = {}) {
  const agency = anAgency();
  const time = { now: options.now ?? MADE_AT };
  const seen = emptyRecord();
  const beyond: string[] = [];
  const held = heldToRights((what) => void beyond.push(what));
  const fakes = fakeDeps(held.table(memoryTable()), time, seen, options.providers ?? [fakeProvider()]);
  const deps: Deps = held.deps({ ...fakes, ...options.deps });
  await deps.agencies.create(agency);
  const addKey = async (secret: string, over: Partial<ApiKey> = {}): Promise<ApiKey> => {
    const key = anApiKey({
      id: derivedId('key', agency.id, secret),
      agencyId: agency.id,
      hash: sha256(secret),
      actor: { name: secret },
      ...over,
    });
    await deps.agencies.putKey(key);
    return key;
  };
  for (const scope of ['admin', 'editor', 'reader'] as const) await addKey(scope, { scope });
  const files = options.routes
    ? [fileOf(options.routes)]
    : (await import('../../functions/api/route-files.ts')).ROUTE_FILES;
  const pipeline = httpPipeline(files, () => deps);
  const handler: typeof pipeline = async (event, context) => {
    const answer = await asFunction(functionFor(event.rawPath), () => pipeline(event, context));
    // Also where nobody is told of the fault.
    if (beyond.length > 0) throw new Error(`on AWS refused: ${beyond.join('; ')}`);
    return answer;
  };

  const request = async (
    method: string,
    path: string,
    { body, key = 'admin', headers = {} }: RequestOptions = {},
  ): Promise<ApiReply> => {
    const event = httpEvent(method, path, {
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
    });
    const result = await handler(event, {} as Context);
    const text = result.body ?? '';
    const type = String(result.headers?.['content-type'] ?? '');
    return {
      status: result.statusCode ?? 0,
      headers: Object.fromEntries(Object.entries(result.headers ?? {}).map(([k, v]) => [k, String(v)])),
      body: /[/+]json/.test(type) && text !== '' ? JSON.parse(text) : undefined,
      text,
    };
  };
  return { request, handler, deps, agency, addKey, time, seen };
}

/** One address is answered by a function of its own: see functions/media.ts. */
const functionFor = (path: string): FunctionName => (/\/media\/[^/]+\/inspect$/.test(path) ? 'media' : 'api');

/** `body`: JSON, or a text that is sent as it stands. `key`: a secret; null sends none. */
type RequestOptions = {
  readonly body?: unknown;
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What the fakes were asked to do, in order. */
type Seen = ReturnType<typeof emptyRecord>;
function emptyRecord() {
  return {
    armed: [] as { postId: string; at: Instant }[],
    disarmed: [] as { postId: string; at: Instant }[],
    reportsArmed: [] as Parameters<Deps['scheduler']['armReport']>[0][],
    reportsDisarmed: [] as string[],
    publishMessages: [] as unknown[],
    measureMessages: [] as unknown[],
    reportMessages: [] as unknown[],
    events: [] as unknown[],
    mails: [] as Mail[],
    audit: [] as AuditEntry[],
    errors: [] as { message: string; fields?: Readonly<Record<string, unknown>> }[],
  };
}

function fakeDeps(table: Table, time: { now: Instant }, seen: Seen, providers: readonly AnyProvider[]): Deps {
  const kept = stores(table, () => time.now);
  let counter = 0;
  return {
    ...kept,
    audit: {
      append: async (agencyId, entry) => {
        seen.audit.push(entry);
        await kept.audit.append(agencyId, entry);
      },
    },
    clock: { now: () => time.now, monotonic: () => time.now, sleep: async () => {} },
    // Different at every call and the same in every run.
    random: {
      bytes: (count) => Buffer.from(sha256(`random ${counter++}`).repeat(4), 'hex').subarray(0, count),
    },
    log: {
      info: () => {},
      warn: () => {},
      error: (message, fields) => {
        seen.errors.push(fields === undefined ? { message } : { message, fields });
      },
    },
    settings: {
      stage: 'test',
      laptop: false,
      mailFrom: 'reports@agency.example',
      publicUrl: 'https://api.agency.example',
    },
    scheduler: {
      arm: async ({ postId, at }) => void seen.armed.push({ postId, at }),
      disarm: async ({ postId, at }) => void seen.disarmed.push({ postId, at }),
      armReport: async (brand) => void seen.reportsArmed.push(brand),
      disarmReport: async (brandId) => void seen.reportsDisarmed.push(brandId),
    },
    publishQueue: { send: async (message) => void seen.publishMessages.push(message) },
    measureQueue: { send: async (message) => void seen.measureMessages.push(message) },
    reportQueue: { send: async (message) => void seen.reportMessages.push(message) },
    bus: { announce: async (events) => void seen.events.push(...events) },
    mailer: {
      send: async (mail) => {
        seen.mails.push(mail);
        return { kind: 'sent', messageId: `message-${seen.mails.length}` };
      },
      wasSent: async () => ({ kind: 'unknown' }),
    },
    vault: {
      newDataKey: async (agencyId) => `key-of-${agencyId}`,
      seal: async (agency, owner, field, plain) => JSON.stringify([agency.id, owner, field, plain]),
      open: async (agency, owner, field, sealed) => {
        const [agencyId, sealedFor, sealedAs, plain] = JSON.parse(sealed) as string[];
        if (agencyId !== agency.id || sealedFor !== owner || sealedAs !== field || plain === undefined) {
          throw new Error('sealed for something else');
        }
        return plain;
      },
    },
    http: async () => ({ kind: 'unreachable', reason: 'no network in this world' }),
    bucket: memoryBucket(),
    deadLetters: () => ({ put: async () => {} }),
    budgets: memoryBudgets(() => time.now),
    provider: async (network) => providers.find((provider) => provider.id === network),
    providers: async () => providers,
  };
}

const fakeCredential = z.strictObject({ host: z.string().min(1), token: z.string().min(1) });

/** A network that knows whoever's token begins with `good`; the account is named after the host. */
export function fakeProvider(over: Partial<AnyProvider> = {}): AnyProvider {
  return {
    id: 'fakenet',
    name: 'Fakenet',
    limits: { text: 100, unit: 'characters' },
    countText: (text) => text.length,
    credential: fakeCredential,
    options: z.strictObject({ visibility: z.enum(['public', 'quiet']).optional() }),
    render: (variant) => (variant.link === undefined ? variant.text : `${variant.text}\n${variant.link}`),
    check: (variant) =>
      variant.text.length > 100
        ? [
            {
              rule: 'text_too_long',
              severity: 'error',
              path: '/text',
              params: { network: 'Fakenet', count: variant.text.length, unit: 'characters', limit: 100 },
            },
          ]
        : [],
    verify: async (credential) =>
      credential.token.startsWith('good')
        ? {
            kind: 'verified',
            account: {
              id: credential.host,
              handle: `@${credential.host}`,
              url: `https://${credential.host}/`,
            },
            facts: {},
          }
        : { kind: 'refused', reason: 'the token is not known' },
    publish: async () => ({ kind: 'unavailable', reason: 'no network in this world' }),
    safety: { kind: 'idempotent', forMinutes: 50 },
    metrics: {
      told: { reactions: 'likes', shares: 'boosts' },
      batch: 20,
      fetch: async () => new Map(),
      followers: async () => null,
    },
    ...over,
  };
}
