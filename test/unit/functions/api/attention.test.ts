import { describe, expect, test } from 'vitest';
import { attentionRoutes } from '../../../../functions/api/attention.ts';
import { buildReport } from '../../../../shared/domain/build-report.ts';
import type { Delivery } from '../../../../shared/domain/delivery.ts';
import { deliveryId } from '../../../../shared/domain/ids.ts';
import type { StoredReport } from '../../../../shared/domain/report.ts';
import { DAY, HOUR, toRfc3339 } from '../../../../shared/domain/time.ts';
import { mailOnce } from '../../../../shared/usecases/mail-once.ts';
import { reportMailId } from '../../../../shared/usecases/send-report.ts';
import { everyPage, givenBrand, givenChannel, strayId } from '../../../support/api-steps.ts';
import { type ApiWorld, apiWorld } from '../../../support/api-world.ts';
import { aDelivery, anId, aPost, DUE_AT } from '../../../support/builders.ts';
import { aReportInput, WEEK_FROM, WEEK_TO } from '../../../support/report-data.ts';

const setup = async () => {
  const world = await apiWorld({ routes: attentionRoutes, now: DUE_AT + 2 * DAY });
  const brand = await givenBrand(world);
  return { world, brand };
};

const trouble = async (world: ApiWorld, name: string, at: number, ...overs: Partial<Delivery>[]) => {
  const deliveries = overs.map((over, index) => aDelivery({ n: index + 1, dueAt: at, ...over }));
  const { post } = await world.deps.posts.create(
    aPost({ id: anId('post', name), deliveries, attentionAt: at }),
  );
  return post;
};

const aReport = (over: Partial<StoredReport> = {}): StoredReport => ({
  ...buildReport(aReportInput()),
  id: anId('rep'),
  agencyId: anId('agy'),
  brandId: anId('brd'),
  week: '2026-W48',
  provisional: false,
  from: WEEK_FROM,
  to: WEEK_TO,
  createdAt: DUE_AT + HOUR,
  run: 0,
  asked: ['client', 'agency'],
  ...over,
});

describe('what a person must look at', () => {
  test('stands with what to do, oldest first', async () => {
    const { world, brand } = await setup();
    const post = await trouble(
      world,
      'post',
      DUE_AT,
      { state: 'failed', reason: 'Too long.' },
      { state: 'published', publishedAt: DUE_AT },
      { state: 'uncertain' },
    );
    const held = await trouble(world, 'held', DUE_AT + 2 * HOUR, {
      state: 'held',
      holds: [
        { code: 'brand_held', by: 'Editor', since: DUE_AT },
        { code: 'channel_expired', by: 'system', since: DUE_AT },
      ],
    });
    const channel = await givenChannel(world, {
      health: 'expired',
      healthReason: 'revoked',
      healthAt: DUE_AT - HOUR,
    });
    await world.deps.reports.create(aReport());
    const { status, body } = await world.request('GET', '/v1/attention', { key: 'reader' });
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { code: 'channel_expired', channelId: channel.id, since: toRfc3339(DUE_AT - HOUR), reason: 'revoked' },
      { code: 'failed', deliveryId: deliveryId(post.id, 1), brandId: brand.id, reason: 'Too long.' },
      { code: 'uncertain', deliveryId: deliveryId(post.id, 3) },
      { code: 'report_not_sent', reportId: anId('rep') },
      { code: 'held', deliveryId: deliveryId(held.id, 1) },
    ]);
    expect(body.items.at(-1).todo).toBe(
      'The brand is on hold. Release that hold when it may go on. The channel must be reconnected: give it a new credential.',
    );
    for (const { todo } of body.items) expect(todo).not.toBe('');
  });

  test('is told in German when asked', async () => {
    const { world } = await setup();
    await trouble(world, 'post', DUE_AT, { state: 'missed' });
    const { body } = await world.request('GET', '/v1/attention', { headers: { 'accept-language': 'de' } });
    expect(body.items[0].todo).toMatch(/^Der Zeitpunkt ist vorbei/);
  });

  test('comes once each across pages, in the same order', async () => {
    const { world } = await setup();
    for (let n = 0; n < 7; n++) await trouble(world, `p${n}`, DUE_AT + n * HOUR, { state: 'failed' });
    await givenChannel(world, { health: 'expired', healthAt: DUE_AT + 3 * HOUR + 1 });
    await world.deps.reports.create(aReport({ createdAt: DUE_AT + 20 * HOUR }));
    const whole = await everyPage(world, '/v1/attention?limit=100');
    expect(whole.items.map(({ code }) => code)).toEqual([
      ...Array(4).fill('failed'),
      'channel_expired',
      ...Array(3).fill('failed'),
      'report_not_sent',
    ]);
    for (const limit of [1, 2, 5]) {
      expect((await everyPage(world, `/v1/attention?limit=${limit}`)).items).toEqual(whole.items);
    }
  });

  test('holds a report that has reached some recipients and not others, until a repetition reaches them', async () => {
    const { world } = await setup();
    const recipients = ['a@bakery.example', 'b@bakery.example', 'new@bakery.example'].map((email) => ({
      email,
    }));
    const brand = await givenBrand(world, {
      id: anId('brd', 'second'),
      report: { weekday: 'monday', time: '08:00', recipients },
    });
    const report = aReport({ brandId: brand.id, sentAt: DUE_AT + HOUR + 1 });
    await world.deps.reports.create(report);
    const mail = async (run: number, to: string, state: 'sent' | 'failed') => {
      const entry = { id: reportMailId(report.id, run, to), agencyId: world.agency.id, to, at: DUE_AT };
      await world.deps.mails.begin({ ...entry, state: 'sending' });
      await world.deps.mails.end({ ...entry, state });
    };
    await mail(0, 'a@bakery.example', 'sent');
    await mail(0, 'b@bakery.example', 'failed');
    const first = await world.request('GET', '/v1/attention');
    expect(first.body.items).toMatchObject([
      { code: 'report_not_sent', reportId: report.id, reason: 'b@bakery.example: failed' },
    ]);
    await mail(1, 'b@bakery.example', 'sent');
    await world.deps.reports.replace({ ...report, run: 1 });
    expect((await world.request('GET', '/v1/attention')).body.items).toEqual([]);
  });

  test('does not hold a mail that went out at its second turn, nor a report whose readers have all unsubscribed', async () => {
    const { world, brand } = await setup();
    const [recipient] = brand.report.recipients;
    const to = recipient?.email ?? '';
    const report = aReport({ sentAt: DUE_AT + HOUR });
    await world.deps.reports.create(report);
    const outcomes = [{ kind: 'unavailable', reason: 'down' } as const];
    const mailer = {
      ...world.deps.mailer,
      send: async () => outcomes.shift() ?? ({ kind: 'sent', messageId: 'm' } as const),
    };
    const id = reportMailId(report.id, 0, to);
    const mail = {
      id,
      agencyId: world.agency.id,
      brandId: brand.id,
      to,
      make: async (mailId: string) => ({ to, mailId, subject: 's', html: 'h', text: 't' }),
    };
    await mailOnce({ ...world.deps, mailer }, mail);
    const stuck = await world.request('GET', '/v1/attention');
    expect(stuck.body.items).toMatchObject([{ code: 'report_not_sent', reason: `${to}: failed` }]);
    await mailOnce({ ...world.deps, mailer }, mail);
    expect((await world.request('GET', '/v1/attention')).body.items).toEqual([]);

    await world.deps.mails.unsubscribe(world.agency.id, brand.id, to, DUE_AT);
    await world.deps.reports.create(aReport({ id: anId('rep', 'unread') }));
    expect((await world.request('GET', '/v1/attention')).body.items).toEqual([]);
  });

  test('holds a whole week whose report was never made, and not one that another report has told in part', async () => {
    const { world } = await setup();
    const old = await givenBrand(world, { id: anId('brd', 'old'), createdAt: WEEK_FROM - 20 * DAY });
    const body = async () => (await world.request('GET', '/v1/attention')).body;
    expect((await body()).items).toMatchObject([
      {
        code: 'report_not_sent',
        brandId: old.id,
        since: toRfc3339(WEEK_TO + 8 * HOUR),
        reason: 'The report of 2026-W48 was not made.',
      },
    ]);
    const told = aReport({
      brandId: old.id,
      from: WEEK_FROM - 5 * DAY,
      to: WEEK_FROM + 2 * DAY,
      sentAt: DUE_AT,
    });
    await world.deps.reports.create(told);
    expect((await body()).items).toEqual([]);
  });

  test('does not hold what is fine, provisional, or still being mailed', async () => {
    const { world } = await setup();
    await givenChannel(world);
    await world.deps.reports.create(aReport({ id: anId('rep', 'sent'), sentAt: DUE_AT }));
    await world.deps.reports.create(aReport({ id: anId('rep', 'now'), createdAt: world.time.now - 60_000 }));
    await world.deps.reports.create(aReport({ id: anId('rep', 'early'), provisional: true }));
    const { asked: _asked, ...unasked } = aReport({ id: anId('rep', 'looked at') });
    await world.deps.reports.create(unasked);
    await trouble(world, 'gone', DUE_AT, { state: 'published' });
    expect((await world.request('GET', '/v1/attention')).body.items).toEqual([]);
  });

  test('leaves out other brands for a key that is limited, and refuses a foreign cursor', async () => {
    const { world } = await setup();
    await trouble(world, 'post', DUE_AT, { state: 'failed' });
    await givenChannel(world, { health: 'expired' });
    await world.addKey('elsewhere', { scope: 'reader', brandIds: [strayId('brd')] });
    expect((await world.request('GET', '/v1/attention', { key: 'elsewhere' })).body.items).toEqual([]);
    expect((await world.request('GET', '/v1/attention?cursor=abc')).status).toBe(422);
    expect((await world.request('GET', '/v1/attention?limit=101')).status).toBe(422);
  });

  test('never names a post of another brand in the cursor of a limited key, and still comes to the end', async () => {
    const { world, brand } = await setup();
    const hidden: string[] = [];
    for (const n of [1, 2, 3, 4, 5, 6]) {
      const post = aPost({
        id: anId('post', `post ${n}`),
        brandId: n % 3 === 0 ? brand.id : strayId('brd'),
        deliveries: [aDelivery({ state: 'failed' })],
        attentionAt: DUE_AT + n,
      });
      if (post.brandId !== brand.id) hidden.push(post.id);
      await world.deps.posts.create(post);
    }
    await world.addKey('limited', { scope: 'reader', brandIds: [brand.id] });
    for (const limit of [1, 2, 4]) {
      const { items } = await everyPage(world, `/v1/attention?limit=${limit}`, 'limited');
      expect(items.map(({ postId }) => postId)).toEqual([anId('post', 'post 3'), anId('post', 'post 6')]);
      const { body } = await world.request('GET', `/v1/attention?limit=${limit}`, { key: 'limited' });
      const cursor = Buffer.from(body.cursor ?? '', 'base64url').toString();
      expect(hidden.filter((id) => cursor.includes(id))).toEqual([]);
    }
  });
});
