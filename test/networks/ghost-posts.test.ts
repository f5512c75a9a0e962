import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ghostCall } from '../../shared/channels/ghost/api.ts';
import { ghost } from '../../shared/channels/ghost.ts';
import { anAttachment } from '../support/media.ts';
import { providerContext } from '../support/provider-context.ts';
import { aPublishRequest } from '../support/provider-request.ts';
import { type GhostSite, startGhost } from './ghost-site.ts';

let site: GhostSite;
beforeAll(async () => {
  site = await startGhost();
}, 1_200_000);
afterAll(() => site?.stop());

/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==',
  'base64',
);
const picture = (name: string, alt: string) =>
  anAttachment(name, { type: 'image/png', bytes: PIXEL.length, width: 1, height: 1, alt });
const files = new Map(['loaf', 'oven'].map((name) => [`media/${name}`, PIXEL]));
const context = () => providerContext({ now: () => Date.now(), files });

async function connected() {
  const credential = { siteUrl: site.siteUrl, adminApiKey: site.adminApiKey };
  const verified = await ghost.verify(credential, context());
  if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
  return { credential, account: verified.account, facts: verified.facts };
}

async function posting(id: string, options: Record<string, unknown> = {}) {
  const who = await connected();
  const variant = {
    text: 'Frisches Brot & Brötchen <b>\n\nAb sieben: https://bakery.example/heute?a=1&b=2',
    media: [picture('loaf', 'Ein Laib'), picture('oven', 'Der "alte" Ofen')],
    options: { title: 'Frisches Brot', tags: ['Brot', 'Neues'], excerpt: 'Ab sieben', ...options },
  };
  const delivery = { id, key: `${id}.0123456789abcdef`, dueAt: Date.now() };
  return { who, request: aPublishRequest(who.credential, { variant, delivery }) };
}

const look = (request: Awaited<ReturnType<typeof posting>>['request'], excluding: readonly string[] = []) =>
  ghost.find?.({ ...request, since: Date.now() - 60_000, excluding: new Set(excluding) }, context());

/** As a member of the site, whose words an integration may bring along. */
async function comment(postId: string, words: string): Promise<void> {
  const send = async (route: string, body: unknown) => {
    const credential = { siteUrl: site.siteUrl, adminApiKey: site.adminApiKey };
    const answer = await context().http(ghostCall(credential, Date.now(), 'POST', route, { body }));
    if (answer.kind !== 'answered' || answer.status !== 201) return expect.fail(JSON.stringify(answer));
    return answer.json;
  };
  const { members } = (await send('/members/', { members: [{ email: 'regular@example.com' }] })) as {
    members: { id: string }[];
  };
  await send('/comments/', {
    comments: [{ post_id: postId, member_id: members[0]?.id, html: `<p>${words}</p>` }],
  });
}

describe('a real Ghost', () => {
  test('is known by its address, and refuses a wrong key', async () => {
    const { account } = await connected();
    expect(account).toEqual({
      id: new URL(site.siteUrl).host,
      handle: new URL(site.siteUrl).host,
      url: `${site.siteUrl}/`,
    });
    const wrong = { siteUrl: site.siteUrl, adminApiKey: `${site.adminApiKey.slice(0, 25)}${'0'.repeat(64)}` };
    expect(await ghost.verify(wrong, context())).toMatchObject({ kind: 'refused' });
  });

  test('shows a post with its images, words and tags to everybody', async () => {
    const { request } = await posting('dlv_shown');
    const outcome = await ghost.publish(request, context());
    if (outcome.kind !== 'published') return expect.fail(JSON.stringify(outcome));
    const page = await (await fetch(outcome.url)).text();
    expect(page).toContain('Frisches Brot &amp; Brötchen &lt;b&gt;');
    // Ghost adds where it came from to the links of a page.
    expect(page).toContain('href="https://bakery.example/heute?a=1&b=2&ref=');
    expect(page).toContain('alt="Ein Laib"');
    expect(page).toContain('alt="Der &quot;alte&quot; Ofen"');
    const [image = ''] = /http[^"]*\/content\/images\/[^"]*\.png/.exec(page) ?? [];
    expect((await fetch(image)).headers.get('content-type')).toBe('image/png');
    const { pathname } = new URL(outcome.url);
    expect(pathname).toMatch(/^\/frisches-brot-[0-9a-f]{10}\/$/);
  });

  test('finds what is out and not what is not, also what was sent twice', async () => {
    const { request } = await posting('dlv_found');
    expect(await look(request)).toEqual({ kind: 'absent' });
    const first = await ghost.publish(request, context());
    const second = await ghost.publish(request, context());
    if (first.kind !== 'published' || second.kind !== 'published')
      return expect.fail(`${first.kind} ${second.kind}`);
    expect(second.url).toBe(first.url.replace(/\/$/, '-2/'));
    expect(await look(request)).toEqual({ kind: 'found', externalId: first.externalId, url: first.url });
    expect(await look(request, [first.externalId])).toMatchObject({ externalId: second.externalId });
  });

  test('counts comments, and says when a post is gone', async () => {
    const { who, request } = await posting('dlv_gone');
    const outcome = await ghost.publish(request, context());
    if (outcome.kind !== 'published') return expect.fail(JSON.stringify(outcome));
    const { externalId } = outcome;
    const measured = async () => {
      const told = await ghost.metrics?.fetch({ ...who, externalIds: [externalId] }, context());
      return told instanceof Map ? told.get(externalId) : expect.fail(JSON.stringify(told));
    };
    expect(await measured()).toMatchObject({ replies: 0, views: null });
    await comment(externalId, 'Wie lecker!');
    expect(await measured()).toMatchObject({ replies: 1 });
    expect(await ghost.remove?.({ ...who, externalId }, context())).toEqual({ kind: 'removed' });
    expect(await ghost.remove?.({ ...who, externalId }, context())).toEqual({ kind: 'absent' });
    expect(await measured()).toBe('removed');
    expect((await fetch(outcome.url)).status).toBe(404);
  });

  test('refuses a file that is no picture, and publishes nothing then', async () => {
    const { request } = await posting('dlv_broken', { title: 'Kaputt' });
    const broken = new Map(
      ['loaf', 'oven'].map((name) => [`media/${name}`, Buffer.alloc(PIXEL.length, 120)]),
    );
    const outcome = await ghost.publish(request, providerContext({ now: () => Date.now(), files: broken }));
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'media_refused' });
    expect(await look(request)).toEqual({ kind: 'absent' });
  });
});
