import type { Context } from 'aws-lambda';
import type { OpenApi, Operation } from '../../functions/api/openapi.ts';
import { ROUTE_FILES } from '../../functions/api/route-files.ts';
import { router } from '../../functions/api/router.ts';
import { stores } from '../../shared/adapters/store/stores.ts';
import { memoryTable } from '../simulation/memory-table.ts';
import { prng } from '../simulation/prng.ts';
import { type ApiWorld, apiWorld, fakeProvider } from '../support/api-world.ts';
import { MADE_AT } from '../support/builders.ts';
import { httpEvent } from '../support/http-event.ts';
import { type Belongings, nobodys } from './belongings.ts';
import { buildRequest, endpointsOf } from './crossed-requests.ts';
import { documentChecks } from './document-checks.ts';
import { withDynamoLimits } from './dynamo-limits.ts';
import { mutate, type Wire } from './mutate.ts';
import { fillBrand, marks } from './tenant.ts';
import { LOGIN } from './two-tenants.ts';

export type FuzzResult = {
  readonly requests: number;
  /** Answers of 500 and above. */
  readonly faults: number;
  /** Answers that are not what the document promises. */
  readonly violations: number;
  /** Requests that the document refuses and the API took. */
  readonly wronglyTaken: number;
  /** Requests that the document refuses. */
  readonly invalid: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly examples: readonly string[];
  readonly seconds: number;
  readonly holds: boolean;
};

const IN_ONE_WORLD = 1_000;

/**
 * T18. Sends requests that are made from the OpenAPI document and then spoilt. No answer may be a 5xx, each must be
 * as the document says, and what the document does not allow must not be taken.
 */
export async function fuzz(
  document: OpenApi,
  { requests, seed: first }: { requests: number; seed: number },
): Promise<FuzzResult> {
  const started = performance.now();
  const endpoints = endpointsOf(document);
  const checks = documentChecks(document);
  const match = router(ROUTE_FILES);
  const count = { faults: 0, violations: 0, wronglyTaken: 0, invalid: 0 };
  const byStatus: Record<string, number> = {};
  const examples: string[] = [];
  const note = (what: 'faults' | 'violations' | 'wronglyTaken', words: string): void => {
    count[what]++;
    if (examples.length < 20) examples.push(`${what}: ${words.slice(0, 1_500)}`);
  };
  let world: Awaited<ReturnType<typeof filledWorld>> | undefined;
  for (let n = 0; n < requests; n++) {
    if (n % IN_ONE_WORLD === 0 || world === undefined) world = await filledWorld();
    const seed = first + n;
    const endpoint = endpoints[seed % endpoints.length];
    if (endpoint === undefined) throw new Error('the document has no endpoint');
    const { random, wire } = spoiltRequest(document, endpoint, seed, world.own);
    const reply = await send(world.world, wire, random.chance(0.9) ? 'admin' : 'editor');
    byStatus[reply.status] = (byStatus[reply.status] ?? 0) + 1;
    const [address = '/', ...query] = wire.path.split('?');
    const found = await match(wire.method.toUpperCase(), address);
    const operation: Operation | undefined =
      found.kind === 'found'
        ? document.paths[found.route.path]?.[found.route.method.toLowerCase()]
        : undefined;
    const here = `seed ${seed} ${wire.method} ${wire.path.slice(0, 300)} ${JSON.stringify(wire.headers).slice(0, 200)} ${wire.text?.slice(0, 400)}`;
    if (reply.status >= 500) note('faults', `${here}: ${JSON.stringify(world.world.seen.errors.at(-1))}`);
    const violation = checks.answer(operation, reply);
    if (violation) note('violations', `${here}: ${reply.status} ${violation}`);
    if (operation === undefined || found.kind !== 'found') continue;
    const takesBody = found.route.method !== 'GET';
    const text = wire.isBase64Encoded ? Buffer.from(wire.text ?? '', 'base64').toString() : (wire.text ?? '');
    const why =
      checks.query(operation, query.join('?')) ?? (takesBody ? checks.body(operation, text) : undefined);
    if (why === undefined) continue;
    count.invalid++;
    if (reply.status < 400) note('wronglyTaken', `${here}: ${reply.status}, but ${why}`);
  }
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const holds = count.faults + count.violations + count.wronglyTaken === 0;
  return { requests, ...count, byStatus, examples, seconds, holds };
}

function spoiltRequest(
  document: OpenApi,
  endpoint: Parameters<typeof buildRequest>[1],
  seed: number,
  own: Belongings,
) {
  const random = prng(seed, 'fuzz');
  const asked = buildRequest(document, endpoint, seed, (kind) => {
    const mine = random.some(own[kind]) ?? 'x';
    return random.chance(0.9) ? mine : nobodys(kind, mine);
  });
  return { random, wire: mutate(asked, random) };
}

async function filledWorld(): Promise<{ world: ApiWorld; own: Belongings }> {
  let monotonic = 0;
  const networks = ['fakenet', 'thirdnet'].map((id) => fakeProvider({ id, login: LOGIN }));
  const world = await apiWorld({
    providers: networks,
    deps: {
      ...stores(withDynamoLimits(memoryTable()), () => MADE_AT),
      clock: { now: () => MADE_AT, monotonic: () => (monotonic += 1_000), sleep: async () => {} },
    },
  });
  const brand = { name: 'first', mark: marks('own'), key: 'admin', minute: 0 };
  const own = await fillBrand(world, world.agency, brand);
  return { world, own: { ...own, network: ['fakenet'] } };
}

async function send(
  { handler }: ApiWorld,
  { method, path, headers, text, isBase64Encoded }: Wire,
  key: string,
): Promise<{ status: number; type: string; text: string }> {
  const [rawPath = '/', ...query] = path.split('?');
  const event = httpEvent(method, rawPath, {
    ...(text === undefined ? {} : { body: text }),
    headers: { authorization: `Bearer ${key}`, ...headers },
  });
  const result = await handler({ ...event, rawQueryString: query.join('?'), isBase64Encoded }, {} as Context);
  return {
    status: result.statusCode ?? 0,
    type: String(result.headers?.['content-type'] ?? ''),
    text: result.body ?? '',
  };
}
