import { idFromBytes } from '../../shared/domain/ids.ts';
import type { ApiReply, ApiWorld } from './api-world.ts';
import { aBrand, aChannel } from './builders.ts';

/** Puts a brand into the world's stores. */
export async function givenBrand(world: ApiWorld, over: Parameters<typeof aBrand>[0] = {}) {
  const brand = aBrand({ agencyId: world.agency.id, ...over });
  await world.deps.brands.create(brand);
  return brand;
}

/** Puts a connected channel of `fakenet` into the world's stores, with a sealed credential that is good. */
export async function givenChannel(world: ApiWorld, over: Parameters<typeof aChannel>[0] = {}) {
  const id = over.id ?? aChannel().id;
  const channel = aChannel({
    agencyId: world.agency.id,
    network: 'fakenet',
    account: { id: 'bakery', handle: '@bakery', url: 'https://bakery/' },
    credential: await world.deps.vault.seal(
      world.agency,
      id,
      'credential',
      JSON.stringify({ host: 'bakery', token: 'good-1' }),
    ),
    ...over,
    id,
  });
  await world.deps.channels.claimAccount(channel);
  await world.deps.channels.create(channel);
  return channel;
}

/** What a problem finds wrong, and where. */
export const rules = ({ body }: ApiReply): string[][] =>
  body.findings.map(({ rule, path }: { rule: string; path: string }) => [rule, path]);

/** Follows the cursors of a listing to its end; `path` has a query already. */
export async function everyPage(
  world: ApiWorld,
  path: string,
  key = 'admin',
): Promise<{ pages: ApiReply['body'][][]; items: ApiReply['body'][] }> {
  const pages: ApiReply['body'][][] = [];
  let cursor: string | undefined;
  do {
    const reply = await world.request('GET', cursor === undefined ? path : `${path}&cursor=${cursor}`, {
      key,
    });
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
    pages.push(reply.body.items);
    cursor = reply.body.cursor;
  } while (cursor !== undefined && pages.length < 200);
  return { pages, items: pages.flat() };
}

/** An id that is well formed and nobody's. */
export const strayId = (prefix: Parameters<typeof idFromBytes>[0]): string =>
  idFromBytes(prefix, new Uint8Array(20).fill(7));
