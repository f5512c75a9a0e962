import { afterEach, expect, test } from 'vitest';
import { facebook } from '../../shared/channels/facebook.ts';
import { everyRequest } from '../support/every-request.ts';
import { fakeFacebook, PAGE_ID, PAGE_TOKEN } from '../support/fake-networks/facebook.ts';
import { SHORT_TOKEN } from '../support/fake-networks/facebook-login.ts';
import type { FakeNetwork } from '../support/fake-networks/server.ts';
import { anAttachment } from '../support/media.ts';
import { metaCalls, metaChecks } from '../support/meta-description.ts';
import { providerContext } from '../support/provider-context.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

const FOLDER = vendorDescription('facebook-instagram/');

let network: FakeNetwork | undefined;
afterEach(() => network?.close());

/** What is left since 2026-06-15; everything else of a post's views is dead in every version. */
const LIVE_METRICS = ['post_media_view', 'post_total_media_view_unique', 'post_clicks'];

describeBy(FOLDER, 'Meta’s list for Pages allows', () => {
  const video = anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920 });
  const checks = (isUser: boolean) =>
    metaChecks(FOLDER, {
      nodeOf: (id) => {
        if (id === 'me') return isUser ? 'User' : 'Page';
        if (id === PAGE_ID) return 'Page';
        if (id.includes('_')) return 'PagePost';
        return /^\d{10,}$/.test(id) ? 'AdVideo' : undefined;
      },
      // https://developers.facebook.com/docs/graph-api/reference/user/accounts
      alsoFields: { Page: ['tasks'] },
    });

  test('every request that we send', async () => {
    const fake = await fakeFacebook({ looks: 0 });
    network = fake;
    const provider = facebook({ graph: fake.url, upload: fake.url });
    const requests = await everyRequest(provider, fake, { accessToken: PAGE_TOKEN }, [
      { text: 'Hello' },
      { text: 'Hello', link: 'https://bakery.example/', firstComment: 'More' },
      { text: 'Hello', media: [anAttachment('a'), anAttachment('b', { alt: '' })] },
      { text: 'Hello', media: [video] },
      { text: 'Hello', media: [video], options: { videoAs: 'reel' } },
    ]);
    const problemsOf = checks(false);
    // The host that takes Reels' bytes is documented in words only.
    const toGraph = requests.filter(({ url }) => !url.pathname.startsWith('/video-upload/'));
    const calls = toGraph.flatMap((request) => metaCalls(request, 'v25.0'));
    for (const call of calls) expect(problemsOf(call), `${call.method} ${call.path}`).toEqual([]);
    const edges = new Set(calls.map(({ method, path }) => `${method} ${path.split('/')[1] ?? ''}`.trim()));
    expect([...edges].sort()).toEqual([
      'DELETE',
      'GET',
      'GET comments',
      'GET insights',
      'GET published_posts',
      'GET videos',
      'POST',
      'POST comments',
      'POST feed',
      'POST photos',
      'POST video_reels',
      'POST videos',
    ]);
    const metrics = calls.flatMap(({ given }) => given.metric?.split(',') ?? []);
    expect([...new Set(metrics)]).toEqual(LIVE_METRICS);
  });

  test('every request of a login', async () => {
    const fake = await fakeFacebook();
    network = fake;
    const app = { clientId: 'app', clientSecret: 'secret' };
    const tokens = { accessToken: SHORT_TOKEN };
    await facebook({ graph: fake.url }).login?.choices({ tokens, app }, providerContext());
    const problemsOf = checks(true);
    const calls = fake.requests.flatMap((request) => metaCalls(request, 'v25.0'));
    for (const call of calls) expect(problemsOf(call), call.path).toEqual([]);
    expect(calls.map(({ path }) => path)).toContain('me/accounts');
  });

  test('not what it does not know', () => {
    const problemsOf = checks(false);
    const post = (path: string, given: Record<string, string>) =>
      problemsOf({ method: 'POST', path: `${PAGE_ID}/${path}`, given });
    expect(post('feed', { message: 'a', text: 'b' })).toEqual(['must NOT have additional properties text']);
    expect(post('photos', { url: 'a', published: 'no' })).not.toEqual([]);
    expect(post('video_reels', { video_id: '1' })).toEqual(["must have required property 'upload_phase'"]);
    expect(post('video_reels', { upload_phase: 'end' })).not.toEqual([]);
    const update = (id: string, given: Record<string, string>) =>
      problemsOf({ method: 'POST', path: id, given });
    expect(update('1_2', { link: 'https://bakery.example/' })).toEqual([
      'must NOT have additional properties link',
    ]);
    expect(update('1234567890', { message: 'a' })).toEqual(['must NOT have additional properties message']);
    expect(update('1234567890', { description: 'a' })).toEqual([]);
    expect(post('tweets', {})).toEqual(['no POST tweets of Page']);
    const get = (path: string, given: Record<string, string>) => problemsOf({ method: 'GET', path, given });
    expect(get(PAGE_ID, { fields: 'id,fans' })).toEqual(['no field fans of Page']);
    expect(get('1_2/comments', { order: 'newest' })).not.toEqual([]);
  });
});
