import { describe, expect, test } from 'vitest';
import { reportRoutes } from '../../../../functions/api/reports.ts';
import { buildReport } from '../../../../shared/domain/build-report.ts';
import type { StoredReport } from '../../../../shared/domain/report.ts';
import { DAY, HOUR } from '../../../../shared/domain/time.ts';
import { everyPage, givenBrand, strayId } from '../../../support/api-steps.ts';
import { apiWorld } from '../../../support/api-world.ts';
import { anId } from '../../../support/builders.ts';
import {
  aReportInput,
  gathered,
  published,
  REPORT_AT,
  WEEK_FROM,
  WEEK_TO,
} from '../../../support/report-data.ts';
import { AGENT, CLIENT } from '../../../support/report-world.ts';

const setup = async () => {
  const world = await apiWorld({ routes: reportRoutes, now: REPORT_AT + HOUR });
  const recipients = [{ email: CLIENT }, { email: AGENT, audience: 'agency' as const }];
  const report = { weekday: 'monday' as const, time: '08:00', recipients };
  const brand = await givenBrand(world, { name: 'Bäckerei Müller', report });
  const stored = async (over: Partial<StoredReport> = {}) => {
    const input = aReportInput({
      deliveries: [
        published('bread', WEEK_FROM + DAY, 12),
        gathered('cake', { state: 'failed', code: 'rejected', reason: 'Too long.' }),
      ],
    });
    const report: StoredReport = {
      ...buildReport(input),
      id: anId('rep'),
      agencyId: world.agency.id,
      brandId: brand.id,
      week: '2026-W48',
      provisional: false,
      from: WEEK_FROM,
      to: WEEK_TO,
      createdAt: REPORT_AT,
      run: 0,
      ...over,
    };
    await world.deps.reports.create(report);
    return report;
  };
  await world.addKey('elsewhere', { scope: 'admin', brandIds: [strayId('brd')] });
  return { world, brand, stored };
};

describe('one report', () => {
  test('is data with its instants as texts, the agency’s copy with its details', async () => {
    const { world, stored } = await setup();
    const report = await stored({ note: 'A good week.' });
    const { status, body } = await world.request('GET', `/v1/reports/${report.id}`, { key: 'reader' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: report.id,
      week: '2026-W48',
      provisional: false,
      from: '2026-11-22T23:00:00Z',
      to: '2026-11-29T23:00:00Z',
      note: 'A good week.',
      data: {
        audience: 'agency',
        published: 1,
        publications: [
          { publishedAt: '2026-11-23T23:00:00Z', resonance: { kind: 'counted', interactions: 12 } },
        ],
        issues: [{ kind: 'failed', dueAt: '2026-11-24T08:00:00Z', agency: { reason: 'Too long.' } }],
      },
    });
    const promised = reportRoutes.find(({ operationId }) => operationId === 'getReport')?.answers[200];
    expect(promised?.safeParse(body).error).toBeUndefined();
  });

  test('keeps what is the agency’s own out of the client’s copy, in every form', async () => {
    const { world, stored } = await setup();
    const report = await stored();
    for (const accept of ['application/json', 'text/html', 'text/plain', 'text/csv']) {
      const reply = await world.request('GET', `/v1/reports/${report.id}?audience=client`, {
        headers: { accept },
      });
      expect(reply.status).toBe(200);
      expect(reply.text).not.toContain('Too long.');
    }
  });

  test('comes as page, text or table when asked for, in the brand’s language or another', async () => {
    const { world, stored } = await setup();
    const report = await stored();
    const read = (accept: string, query = '') =>
      world.request('GET', `/v1/reports/${report.id}${query}`, { headers: { accept } });
    const html = await read('text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8');
    expect(html.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(html.headers['content-security-policy']).toContain("default-src 'none'");
    expect(html.text).toMatch(/^<!doctype html>/i);
    expect(html.text).toContain('lang="de"');
    expect((await read('text/html', '?locale=en')).text).toContain('lang="en"');
    const text = await read('text/plain');
    expect(text.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(text.text).toContain('Bäckerei Müller');
    const csv = await read('text/csv');
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect((await read('*/*')).body.id).toBe(report.id);
  });

  test('answers unknown, malformed and invisible ids alike', async () => {
    const { world, stored } = await setup();
    const report = await stored();
    const replies = [
      await world.request('GET', `/v1/reports/${strayId('rep')}`),
      await world.request('GET', '/v1/reports/latest'),
      await world.request('GET', `/v1/reports/${report.id}`, { key: 'elsewhere' }),
      await world.request('POST', `/v1/reports/${report.id}/send`, { key: 'elsewhere' }),
    ];
    expect(replies.map(({ status, body }) => [status, body.detail])).toEqual(
      Array(4).fill([404, 'There is no such report.']),
    );
  });

  test('refuses an unknown audience, language or parameter', async () => {
    const { world, stored } = await setup();
    const report = await stored();
    for (const query of ['audience=press', 'locale=fr', 'colour=red']) {
      expect((await world.request('GET', `/v1/reports/${report.id}?${query}`)).status).toBe(422);
    }
  });
});

describe('a brand’s reports', () => {
  test('are listed newest first, without their data', async () => {
    const { world, brand, stored } = await setup();
    for (let n = 0; n < 5; n++) await stored({ id: anId('rep', `${n}`), createdAt: REPORT_AT - n * 7 * DAY });
    const { items } = await everyPage(world, `/v1/brands/${brand.id}/reports?limit=2`, 'reader');
    expect(items.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4].map((n) => anId('rep', `${n}`)));
    expect(items[0].data).toBeUndefined();
    expect((await world.request('GET', `/v1/brands/${brand.id}/reports?limit=101`)).status).toBe(422);
    expect((await world.request('GET', `/v1/brands/${brand.id}/reports`, { key: 'elsewhere' })).status).toBe(
      404,
    );
  });
});

describe('asking for a report', () => {
  test('without a week it is provisional and reaches up to now; nothing is mailed unasked', async () => {
    const { world, brand } = await setup();
    const reply = await world.request('POST', `/v1/brands/${brand.id}/reports`, { key: 'editor' });
    expect(reply.status).toBe(201);
    expect(reply.headers.location).toBe(`/v1/reports/${reply.body.id}`);
    expect(reply.body).toMatchObject({
      provisional: true,
      to: new Date(world.time.now).toISOString().replace('.000Z', 'Z'),
    });
    expect(world.seen.reportMessages).toEqual([]);
    const read = await world.request('GET', `/v1/reports/${reply.body.id}`);
    expect(read.body).toEqual(reply.body);
  });

  test('with a week it is that week’s one report', async () => {
    const { world, brand } = await setup();
    const ask = () =>
      world.request('POST', `/v1/brands/${brand.id}/reports`, { body: { week: '2026-W48', note: 'Hello.' } });
    const [first, second] = [await ask(), await ask()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).toBe(first.body.id);
    expect(first.body).toMatchObject({ provisional: false, week: '2026-W48' });
  });

  test('sending is left to the queue, and can be asked for afterwards', async () => {
    const { world, brand } = await setup();
    const { body: report } = await world.request('POST', `/v1/brands/${brand.id}/reports`, {
      body: { week: '2026-W48', send: true },
    });
    expect(world.seen.reportMessages).toMatchObject([{ kind: 'send', reportId: report.id }]);
    const repeated = await world.request('POST', `/v1/reports/${report.id}/send`);
    expect(repeated.status).toBe(409);
    const sent = await world.request('POST', `/v1/reports/${report.id}/send`, {
      key: 'editor',
      body: { again: true, audience: 'agency' },
    });
    expect(sent.status).toBe(200);
    expect(sent.body.id).toBe(report.id);
    expect(world.seen.reportMessages).toHaveLength(2);
  });

  test('refuses a wrong week, unknown fields, readers and other people’s brands', async () => {
    const { world, brand, stored } = await setup();
    const report = await stored();
    const ask = (body: object, key = 'editor', brandId = brand.id) =>
      world.request('POST', `/v1/brands/${brandId}/reports`, { key, body });
    expect((await ask({ week: '2026-48' })).body.findings[0].path).toBe('/week');
    expect((await ask({ week: '2026-W54' })).status).toBe(422);
    for (const week of ['2025-W53', '2020-W10']) {
      const { status, body } = await ask({ week });
      expect([status, body.findings.map((one: { path: string }) => one.path)], week).toEqual([
        422,
        ['/week'],
      ]);
    }
    expect((await ask({ colour: 'red' })).body.findings[0].path).toBe('/colour');
    expect((await ask({ audience: 'press' })).status).toBe(422);
    expect((await ask({}, 'reader')).status).toBe(403);
    expect((await ask({}, 'elsewhere')).status).toBe(404);
    expect((await ask({}, 'editor', strayId('brd'))).status).toBe(404);
    expect((await world.request('POST', `/v1/reports/${report.id}/send`, { key: 'reader' })).status).toBe(
      403,
    );
  });
});
