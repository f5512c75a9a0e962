import { describe, expect, it } from 'vitest';
import { unsubscribeRoutes } from '../../../../functions/api/unsubscribe.ts';
import { unsubscribeLink } from '../../../../shared/usecases/unsubscribe.ts';
import { apiWorld } from '../../../support/api-world.ts';
import { aBrand } from '../../../support/builders.ts';

const nobody = { key: null };

async function world() {
  const here = await apiWorld({ routes: unsubscribeRoutes });
  const brand = aBrand({ agencyId: here.agency.id, locale: 'en', name: 'Bread & Butter' });
  await here.deps.brands.create(brand);
  const { url = '' } = await unsubscribeLink(here.deps, here.agency, brand.id, 'client@bakery.example');
  const unsubscribed = async () => [...(await here.deps.mails.unsubscribed(here.agency.id, brand.id))];
  return { ...here, brand, path: url.replace('https://api.agency.example', ''), unsubscribed };
}

describe('the link in a mail', () => {
  it('only asks when it is opened', async () => {
    const { request, path, unsubscribed } = await world();
    for (const method of ['GET', 'HEAD']) {
      const reply = await request(method, path, nobody);
      expect(reply.status).toBe(200);
      expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
    }
    const { text } = await request('GET', path, nobody);
    expect(text).toContain('<form method="post">');
    expect(text).toContain('Bread &amp; Butter');
    expect(await unsubscribed()).toEqual([]);
  });

  it('ends the mails when its button or a mail program POSTs to it, as often as that comes', async () => {
    const { request, path, unsubscribed } = await world();
    for (const body of ['List-Unsubscribe=One-Click', '']) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const reply = await request('POST', path, { ...nobody, body, headers });
      expect(reply.status).toBe(200);
      expect(reply.text).toContain('will get no more e-mails');
    }
    expect(await unsubscribed()).toEqual(['client@bakery.example']);
  });

  it('works with what mail programs and scanners hang on to it', async () => {
    const { request, path } = await world();
    expect((await request('GET', `${path}?utm_source=mail`, nobody)).status).toBe(200);
  });

  it('that is forged or of a brand that is gone says so on a page to a person, as a problem to a program', async () => {
    const { request, path, deps, agency, brand } = await world();
    const forged = `${path.slice(0, -8)}AAAAAAAA`;
    const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-language': 'de-DE,de' };
    await deps.brands.delete(agency.id, brand.id);
    for (const stale of [forged, path]) {
      for (const method of ['GET', 'POST']) {
        const page = await request(method, stale, { ...nobody, headers: browser });
        expect(page.status).toBe(404);
        expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
        expect(page.text).toContain('Dieser Link gilt nicht');
        expect(page.text).not.toContain('<form');
        const program = await request(method, stale, { ...nobody, headers: { accept: '*/*' } });
        expect(program).toMatchObject({ status: 404, body: { code: 'not_found' } });
      }
    }
  });

  it('that was never ours is not found', async () => {
    const { request, unsubscribed } = await world();
    for (const token of ['x', '%00', 'YWd5XzEuYnJkXzEueA']) {
      expect((await request('POST', `/v1/unsubscribe/${token}`, nobody)).status).toBe(404);
    }
    expect(await unsubscribed()).toEqual([]);
  });

  it('leaves no trace of its token in the log when something fails', async () => {
    const { request, path, seen, deps } = await world();
    Object.assign(deps.mails, {
      unsubscribe: async () => {
        throw new Error('no table');
      },
    });
    expect((await request('POST', path, nobody)).status).toBe(500);
    expect(seen.errors).toMatchObject([{ fields: { path: '/v1/unsubscribe/…' } }]);
    expect(JSON.stringify(seen.errors)).not.toContain(path.slice('/v1/unsubscribe/'.length));
  });
});
