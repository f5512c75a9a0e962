import { describe, expect, it } from 'vitest';
import { aboutRoutes } from '../../../../functions/api/about.ts';
import { apiWorld, fakeProvider } from '../../../support/api-world.ts';

const nobody = { key: null };

describe('the service', () => {
  it('tells everybody that it is there, and nothing else', async () => {
    const { request } = await apiWorld({ routes: aboutRoutes });
    expect(await request('GET', '/v1/health', nobody)).toMatchObject({
      status: 200,
      body: { status: 'ok', stage: 'test', time: '2026-11-29T12:00:00Z' },
    });
  });

  it('leads from / to the page', async () => {
    const { request } = await apiWorld({ routes: aboutRoutes });
    expect(await request('GET', '/', nobody)).toMatchObject({ status: 302, headers: { location: '/docs' } });
  });

  it('serves the document with the address that was used', async () => {
    const { request } = await apiWorld();
    const reply = await request('GET', '/v1/openapi.json', nobody);
    expect(reply).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(reply.body).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'https://api.agency.example' }] });
  });

  it('serves the page with the address in its examples, and lets it run nothing', async () => {
    const { request } = await apiWorld();
    const reply = await request('GET', '/docs', nobody);
    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
    expect(reply.text).toContain('https://api.agency.example/v1/brands');
    expect(reply.text).not.toContain('__ORIGIN__');
  });

  it.each([
    ['2026-11-29', '2026-12-28'],
    ['2026-11-30', '2026-12-28'],
    ['2027-07-01', '2027-08-02'],
  ])('shows examples on %s that are still to come, on a Monday', async (today, monday) => {
    const { request } = await apiWorld({ now: Date.parse(`${today}T12:00:00Z`) });
    const { text } = await request('GET', '/docs', nobody);
    const days = [...text.matchAll(/(?:dueAt|local)&quot;: &quot;([\d-]+)T/g)].map(([, day]) => day);
    expect(days.length).toBeGreaterThan(3);
    expect(new Set(days)).toEqual(new Set([monday]));
  });

  it('writes no markup that a host header brings along', async () => {
    const { request } = await apiWorld();
    const reply = await request('GET', '/docs', {
      key: null,
      headers: { host: 'x"><script>alert(1)</script>' },
    });
    expect(reply.text).not.toContain('<script>');
  });
});

describe('the networks', () => {
  it('tell their rules as data', async () => {
    const { request } = await apiWorld({ routes: aboutRoutes });
    const { body } = await request('GET', '/v1/networks', { key: 'reader' });
    expect(body.items).toMatchObject([
      {
        id: 'fakenet',
        name: 'Fakenet',
        limits: { text: 100, unit: 'characters' },
        credential: { type: 'object', required: ['host', 'token'], additionalProperties: false },
        options: { properties: { visibility: { enum: ['public', 'quiet'] } } },
        metrics: { reactions: 'likes', shares: 'boosts' },
        safety: { kind: 'idempotent', meaning: expect.stringContaining('50 minutes') },
        capabilities: ['metrics'],
      },
    ]);
  });

  it('say in words what happens after an unclear answer', async () => {
    const { request } = await apiWorld({
      routes: aboutRoutes,
      providers: [
        fakeProvider({ id: 'a', safety: { kind: 'findable', findAfterSeconds: 90 } }),
        fakeProvider({ id: 'b', safety: { kind: 'blind' } }),
        fakeProvider({
          id: 'c',
          safety: { kind: 'blind' },
          safetyFor: () => ({ kind: 'findable', findAfterSeconds: 60 }),
        }),
      ],
    });
    const { body } = await request('GET', '/v1/networks');
    expect(body.items[0].safety.meaning).toContain('90 seconds');
    expect(body.items[1].safety.meaning).toContain('Nobody but a person');
    expect(body.items[2].safety.meaning).toContain('Accounts whose posts can be listed');
  });
});
