import type { Agency } from '../../shared/domain/agency.ts';
import type { Brand } from '../../shared/domain/brand.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { DELIVERY_STATES } from '../../shared/domain/delivery.ts';
import { deliveryId, derivedId, sha256 } from '../../shared/domain/ids.ts';
import { told } from '../../shared/domain/metrics.ts';
import { DAY, HOUR, MINUTE } from '../../shared/domain/time.ts';
import { sealChoices } from '../../shared/usecases/choice-credentials.ts';
import type { ApiReply, ApiWorld } from '../support/api-world.ts';
import { aBrand, aChannel, aDelivery, aHold, anActor, aPost, MADE_AT } from '../support/builders.ts';
import { aMedia } from '../support/media.ts';
import { type Belongings, type Kind, nothing } from './belongings.ts';

/** Texts that nobody else has: the mark of their owner, and a number. */
export type Mark = () => string;

export const marks = (owner: string): Mark => {
  let n = 0;
  return () => `${owner}-${++n}`;
};

export const brandIdOf = (agency: Agency, name: string): string => derivedId('brd', agency.id, name);

/** Puts a brand with something of everything into the world, every text of it marked. */
export async function fillBrand(
  world: ApiWorld,
  agency: Agency,
  { name, mark, key, minute }: { name: string; mark: Mark; key: string; minute: number },
): Promise<Belongings> {
  const made = nothing();
  const brand = aBrand({
    id: brandIdOf(agency, name),
    agencyId: agency.id,
    name: mark(),
    alerts: { recipients: [`${mark()}@agency.example`] },
    report: {
      weekday: 'monday',
      time: '08:00',
      recipients: [{ email: `${mark()}@client.example`, name: mark() }],
    },
    createdBy: anActor({ name: mark(), email: `${mark()}@agency.example` }),
  });
  await world.deps.brands.create(brand);
  made.brandId.push(brand.id);
  const channels = await Promise.all(
    (['connected', 'expired'] as const).map((health) => fillChannel(world, agency, brand, mark, health)),
  );
  made.channelId.push(...channels.map(({ id }) => id));
  made.host.push(...channels.map(({ account }) => account.id));
  await fillPosts(world, brand, channels, { mark, made, minute });
  await fillRest(world, agency, brand, { mark, made, channels });
  await askedFor(world, brand, channels, { mark, made, key, minute });
  return made;
}

async function fillChannel(
  { deps }: ApiWorld,
  agency: Agency,
  brand: Brand,
  mark: Mark,
  health: 'connected' | 'expired',
): Promise<Channel> {
  const host = mark();
  const id = derivedId('chn', brand.id, health);
  const channel = aChannel({
    id,
    agencyId: agency.id,
    brandId: brand.id,
    network: 'fakenet',
    name: mark(),
    account: { id: host, handle: `@${host}`, url: `https://${host}.example/` },
    facts: { instance: mark() },
    credential: await deps.vault.seal(
      agency,
      id,
      'credential',
      JSON.stringify({ host, token: `good-${mark()}` }),
    ),
    health,
    ...(health === 'expired' ? { healthReason: mark(), healthAt: MADE_AT } : {}),
    createdBy: anActor({ name: mark() }),
  });
  await deps.channels.claimAccount(channel);
  await deps.channels.create(channel);
  await deps.channels.putSession(agency.id, id, mark());
  await deps.channels.putFollowers(agency.id, id, '2026-11-28', 1_234);
  return channel;
}

type Filling = { readonly mark: Mark; readonly made: Record<Kind, string[]> };

/** A post for each state that a delivery can be in, and one that was deleted. */
async function fillPosts(
  { deps }: ApiWorld,
  brand: Brand,
  channels: readonly Channel[],
  { mark, made, minute }: Filling & { minute: number },
): Promise<void> {
  const { agencyId } = brand;
  for (const [place, state] of [...DELIVERY_STATES, 'deleted' as const].entries()) {
    const dueAt = MADE_AT - 2 * DAY + place * HOUR + minute * MINUTE;
    const isDeleted = state === 'deleted';
    const deliveries = channels.map((channel, index) =>
      aDelivery({
        n: index + 1,
        channelId: channel.id,
        network: 'fakenet',
        state: isDeleted ? 'cancelled' : state,
        dueAt,
        code: mark(),
        reason: mark(),
        externalId: mark(),
        url: `https://${mark()}.example/`,
        ...(state === 'published' ? { startedAt: dueAt, publishedAt: dueAt + 300 } : {}),
        ...(state === 'held' ? { holds: [{ code: 'late', by: mark(), since: dueAt }] } : {}),
        ...(state === 'uncertain' ? { doubtSince: dueAt } : {}),
      }),
    );
    const content = { base: { text: mark(), link: `https://${mark()}.example/` }, variants: {} };
    const post = aPost({
      id: derivedId('post', brand.id, state),
      agencyId,
      brandId: brand.id,
      contentHash: sha256(mark()),
      labels: [mark()],
      campaign: mark(),
      createdBy: anActor({ name: mark() }),
      deliveries,
      ...(['failed', 'uncertain', 'missed', 'held'].includes(state) ? { attentionAt: dueAt } : {}),
      ...(isDeleted ? { deletedAt: MADE_AT } : {}),
    });
    await deps.posts.putContent(agencyId, post.id, 1, post.contentHash, content);
    await deps.posts.create(post);
    const attempt = { n: 1, attempt: 1, at: dueAt, outcome: 'unavailable' as const, reason: mark() };
    await deps.posts.addAttempt({ agencyId, postId: post.id, n: 1 }, { ...attempt, code: mark() });
    const metrics = told({ reactions: 3 });
    await deps.posts.addSwept(agencyId, post.brandId, dueAt + HOUR, [
      { postId: post.id, n: 1, age: '1h', at: dueAt + HOUR, metrics },
    ]);
    await deps.posts.putAsked(agencyId, post.id, [{ n: 1, age: 'now', at: dueAt + 2 * HOUR, metrics }]);
    made.postId.push(post.id);
    made.deliveryId.push(...deliveries.map(({ n }) => deliveryId(post.id, n)));
    made.label.push(...post.labels);
    made.campaign.push(post.campaign ?? '');
  }
}

/** Holds, media, a login that waits for a choice. */
async function fillRest(
  { deps }: ApiWorld,
  agency: Agency,
  brand: Brand,
  { mark, made, channels }: Filling & { channels: readonly Channel[] },
): Promise<void> {
  const agencyId = agency.id;
  for (const scope of [{ brandId: brand.id }, ...channels.map(({ id }) => ({ channelId: id }))]) {
    const id = derivedId('hld', JSON.stringify(scope));
    await deps.holds.put(aHold({ id, agencyId, scope, reason: mark(), by: anActor({ name: mark() }) }));
    made.holdId.push(id);
  }
  for (const n of [1, 2, 3]) {
    const id = derivedId('med', brand.id, String(n));
    await deps.media.create(aMedia(mark(), { id, agencyId, brandId: brand.id, fileName: `${mark()}.jpg` }));
    made.mediaId.push(id);
  }
  const choice = mark();
  const id = derivedId('lgn', brand.id);
  const account = { id: choice, handle: mark(), url: `https://${mark()}.example/` };
  const offered = [{ account, credential: { host: choice, token: `good-${mark()}` } }];
  const login = {
    id,
    agencyId,
    brandId: brand.id,
    network: 'fakenet',
    name: mark(),
    options: {},
    shared: false,
    redirectUri: 'https://api.agency.example/v1/connect/callback',
    verifier: mark(),
    status: 'choosing' as const,
    choices: [account],
    credentials: await sealChoices(deps, agency, { id }, offered),
    formHash: sha256(mark()),
    version: 1,
    startedAt: MADE_AT,
    startedBy: anActor({ name: mark() }),
    expiresAt: MADE_AT + DAY,
  };
  await deps.logins.create(login);
  made.loginId.push(login.id);
  made.choice.push(choice);
}

/** What a brand's own people make and read over HTTP: posts under a key, reports, and the cursors of long lists. */
async function askedFor(
  world: ApiWorld,
  brand: Brand,
  channels: readonly Channel[],
  { mark, made, key, minute }: Filling & { key: string; minute: number },
): Promise<void> {
  const ask = async (method: string, path: string, body?: object, headers = {}): Promise<ApiReply> => {
    const reply = await world.request(method, path, { key, headers, ...(body ? { body } : {}) });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply;
  };
  for (const n of [1, 2]) {
    const idempotencyKey = mark();
    const dueAt = new Date(MADE_AT + n * DAY + minute * MINUTE).toISOString();
    const body = { content: { text: mark() }, channels: [channels[0]?.id], dueAt, labels: [mark()] };
    await ask('POST', `/v1/brands/${brand.id}/posts`, body, { 'idempotency-key': idempotencyKey });
    made.idempotencyKey.push(idempotencyKey);
    const report = await ask('POST', `/v1/brands/${brand.id}/reports`, { note: mark() });
    made.reportId.push(report.body.id);
  }
  for (const path of [
    `/v1/brands/${brand.id}/posts`,
    `/v1/brands/${brand.id}/media`,
    `/v1/brands/${brand.id}/reports`,
    `/v1/deliveries`,
    `/v1/attention`,
  ]) {
    const page = await ask('GET', `${path}?limit=1`);
    if (page.body.cursor === undefined) throw new Error(`${path} has one page only`);
    made.cursor.push(page.body.cursor);
  }
}
