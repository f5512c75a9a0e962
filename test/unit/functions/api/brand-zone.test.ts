import { expect, it } from 'vitest';
import { brandRoutes } from '../../../../functions/api/brands.ts';
import { DAY, HOUR } from '../../../../shared/domain/time.ts';
import { apiWorld } from '../../../support/api-world.ts';
import { aDelivery, anId, aPost, MADE_AT } from '../../../support/builders.ts';

const timeZone = 'Europe/Berlin';

/** A brand in Berlin at 13:00 of its time, with a post for each local time, and what its clocks say. */
async function setup(promised: Readonly<Record<string, string>>) {
  const world = await apiWorld({ routes: brandRoutes });
  const { body: brand } = await world.request('POST', '/v1/brands', { body: { name: 'Bakery', timeZone } });
  const posts = new Map<string, string>();
  for (const [local, instant] of Object.entries(promised)) {
    const id = anId('post', local);
    const dueAt = Date.parse(instant);
    const delivery = aDelivery({ dueAt, nextAttemptAt: dueAt, wall: { local, timeZone } });
    await world.deps.posts.create(
      aPost({ id, agencyId: world.agency.id, brandId: brand.id, deliveries: [delivery] }),
    );
    posts.set(local, id);
  }
  const move = (zone: string, mode: string, headers = {}) =>
    world.request('PATCH', `/v1/brands/${brand.id}?reslot=${mode}`, { body: { timeZone: zone }, headers });
  const dueAt = async (local: string) => {
    const post = await world.deps.posts.get(world.agency.id, posts.get(local) ?? '');
    return new Date(post?.deliveries[0]?.dueAt ?? 0).toISOString();
  };
  return { world, brand, posts, move, dueAt };
}

it('a post whose local time has passed in the new zone is named instead of being missed at once', async () => {
  const soon = '2026-11-29T15:00';
  const later = '2026-11-30T15:00';
  const { world, brand, posts, move, dueAt } = await setup({
    [soon]: '2026-11-29T14:00:00Z',
    [later]: '2026-11-30T14:00:00Z',
  });
  const reply = await move('Asia/Tokyo', 'keep-local');
  expect(reply.status).toBe(422);
  expect(reply.body.findings).toMatchObject([
    { rule: 'time_past', path: '/timeZone', message: '2026-11-29T06:00:00Z is in the past.' },
  ]);
  expect(reply.body.posts).toMatchObject([{ postId: posts.get(soon), local: soon, timeZone }]);
  expect([await dueAt(soon), await dueAt(later)]).toEqual([
    '2026-11-29T14:00:00.000Z',
    '2026-11-30T14:00:00.000Z',
  ]);
  expect((await world.request('GET', `/v1/brands/${brand.id}`)).body.timeZone).toBe(timeZone);
  expect((await move('Asia/Tokyo', 'keep-instant')).status).toBe(200);
});

it('every post whose local time is none or two in the new zone is named, with what is there instead', async () => {
  const gap = '2027-03-14T02:30';
  const overlap = '2027-11-07T01:30';
  const { posts, move } = await setup({ [gap]: '2027-03-14T01:30:00Z', [overlap]: '2027-11-07T00:30:00Z' });
  const reply = await move('America/New_York', 'keep-local', { 'accept-language': 'de' });
  expect([reply.status, reply.body.detail]).toEqual([
    422,
    'In America/New_York lässt sich nicht jede Ortszeit halten; bitte zuerst diese Beiträge verschieben.',
  ]);
  expect(reply.body.findings.map(({ rule }: { rule: string }) => rule)).toEqual(['time_gap', 'time_overlap']);
  expect(reply.body.findings[0].params.after).toBe('2027-03-14T03:00:00-04:00');
  expect(reply.body.posts.map(({ postId }: { postId: string }) => postId)).toEqual([
    posts.get(gap),
    posts.get(overlap),
  ]);
});

it('a time that was missed stays what it was promised', async () => {
  const { world, brand, move } = await setup({});
  const wall = { local: '2026-11-29T11:00', timeZone };
  const missed = aDelivery({ n: 1, state: 'missed', dueAt: MADE_AT - 2 * HOUR, wall });
  const open = aDelivery({ n: 2, channelId: anId('chn', 'two'), dueAt: MADE_AT + DAY });
  const post = aPost({ agencyId: world.agency.id, brandId: brand.id, deliveries: [missed, open] });
  await world.deps.posts.create(post);
  expect((await move('America/New_York', 'keep-local')).status).toBe(200);
  const stored = await world.deps.posts.get(world.agency.id, post.id);
  expect(stored?.deliveries[0]).toMatchObject({ dueAt: MADE_AT - 2 * HOUR, wall });
});
