import type { Http } from '../../shared/ports.ts';
import { type Call, DEAD, type OutboundWorld, PUBLIC, PUBLIC_6, redirectTo } from './outbound-world.ts';

/** What one way into the inside came to: `problem` when it is not as it must be. */
type Tried = { readonly way: string; readonly call: Call; readonly problem: string | undefined };

const STATUSES = [301, 302, 303, 307, 308];

/** A forbidden URL, asked for, sent to, and as the target of a redirect. */
export async function tryUrl(world: OutboundWorld, http: Http, url: string, n = 0): Promise<Tried[]> {
  let asked = false;
  const send = (): boolean => {
    asked = true;
    return true;
  };
  const get = await world.call(http, { method: 'GET', url });
  const post = await world.call(http, { method: 'POST', url, body: 'x' }, send);
  const redirected = await tryLocation(world, http, url, n);
  return [
    { way: 'GET', call: get, problem: refused(get) },
    { way: 'POST', call: post, problem: refused(post) ?? (asked ? 'beforeSend was asked' : undefined) },
    ...redirected,
  ];
}

/** A `Location`, under one of the five statuses. Nothing when it cannot stand in a header. */
export async function tryLocation(
  world: OutboundWorld,
  http: Http,
  location: string,
  n = 0,
): Promise<Tried[]> {
  const status = STATUSES[n % STATUSES.length] ?? 302;
  const url = redirectTo(location, status);
  if (url === undefined) return [];
  const call = await world.call(http, { method: 'GET', url });
  return [{ way: `redirect ${status}`, call, problem: untouched(call) }];
}

/** A forbidden address as the answer to a name: alone, behind aliases, among public ones, later, after a redirect. */
export async function tryAddress(
  world: OutboundWorld,
  http: Http,
  address: string,
  n: number,
): Promise<Tried[]> {
  const { names } = world;
  const only = { addresses: [address] };
  const host = (way: string): string => `${way}-${n}.test`;
  const get = (name: string) => world.call(http, { method: 'GET', url: `https://${name}/` });

  names.set(host('only'), only);
  const alone = await get(host('only'));
  const redirected = await tryLocation(world, http, `//${host('only')}/`, n);
  names.set(host('alias'), { ...only, via: [`edge-${n}.cdn.test`, `inside-${n}.test`] });
  const alias = await get(host('alias'));
  names.set(host('mixed'), { addresses: [address, PUBLIC, PUBLIC_6] });
  const mixed = await get(host('mixed'));
  names.set(host('dead'), { addresses: [address, DEAD] });
  const dead = await get(host('dead'));
  names.set(host('rebound'), { addresses: [PUBLIC] }, only);
  const first = await get(host('rebound'));
  const second = await get(host('rebound'));
  return [
    { way: 'name', call: alone, problem: refused(alone) },
    { way: 'alias', call: alias, problem: refused(alias) },
    { way: 'mixed', call: mixed, problem: nothingBut(mixed, [PUBLIC, PUBLIC_6]) },
    { way: 'mixed, the public one is dead', call: dead, problem: nothingBut(dead, [DEAD]) },
    { way: 'before it is rebound', call: first, problem: nothingBut(first, [PUBLIC]) },
    { way: 'rebound', call: second, problem: refused(second) },
    ...redirected,
  ];
}

/** One line for each way that is not as it must be. */
export const problemsOf = (subject: string, tried: readonly Tried[]): string[] =>
  tried.flatMap(({ way, problem }) =>
    problem === undefined ? [] : [`${subject.slice(0, 80)} (${way}): ${problem}`],
  );

const placesOf = ({ contacts }: Call): string => contacts.map(({ address }) => address).join(', ');

const untouched = (call: Call): string | undefined =>
  call.contacts.length === 0 ? undefined : `connected to ${placesOf(call)}`;

function refused(call: Call): string | undefined {
  const { answer } = call;
  if (answer.kind !== 'unreachable') return `was ${answer.kind}`;
  if (answer.reason.length > 300) return 'says too much';
  return untouched(call);
}

/** Must have tried a public address, on port 443, and nothing else. */
export function nothingBut(call: Call, places: readonly string[]): string | undefined {
  if (call.contacts.length === 0) return 'did not connect to what is public';
  const strange = call.contacts.some(({ address, port }) => port !== 443 || !places.includes(address));
  return strange ? `connected to ${placesOf(call)}` : undefined;
}
