import { afterEach, expect, test } from 'vitest';
import { instagram } from '../../shared/channels/instagram.ts';
import { everyRequest } from '../support/every-request.ts';
import {
  ACCESS_TOKEN,
  type FakeInstagram,
  fakeInstagram,
  USER_ID,
} from '../support/fake-networks/instagram.ts';
import { anAttachment } from '../support/media.ts';
import { metaCalls, metaChecks } from '../support/meta-description.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

const FOLDER = vendorDescription('facebook-instagram/');

let network: FakeInstagram | undefined;
afterEach(() => network?.close());

/** In Meta's list still, and gone since 2025-04-21. */
const DEAD_METRICS = ['impressions', 'plays', 'video_views', 'clips_replays_count'];

describeBy(FOLDER, 'Meta’s list for Instagram allows', () => {
  const checks = (isMedia: (id: string) => boolean) =>
    metaChecks(FOLDER, {
      // Containers are documented in words only.
      nodeOf: (id) => (id === 'me' || id === USER_ID ? 'IGUser' : isMedia(id) ? 'IGMedia' : undefined),
      // https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/get-started
      alsoFields: { IGUser: ['user_id'] },
    });

  test('every request that we send', async () => {
    const fake = await fakeInstagram({ looks: 0 });
    network = fake;
    const image = anAttachment('bread');
    const video = anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920, alt: '' });
    const provider = instagram({ graph: fake.url, api: fake.url });
    const requests = await everyRequest(provider, fake, { accessToken: ACCESS_TOKEN }, [
      {
        text: 'Hello',
        media: [image],
        firstComment: 'More',
        options: { collaborators: ['mill'], locationId: '7' },
      },
      { text: 'Hello', media: [image, video] },
      { text: 'Hello', media: [video], options: { shareToFeed: true } },
      { text: '', media: [image], options: { story: true } },
    ]);
    const problemsOf = checks((id) => fake.media.has(id));
    const calls = requests.flatMap((request) => metaCalls(request, 'v25.0'));
    for (const call of calls) expect(problemsOf(call), `${call.method} ${call.path}`).toEqual([]);
    const edges = new Set(calls.map(({ method, path }) => `${method} ${path.split('/')[1] ?? ''}`.trim()));
    expect([...edges].sort()).toEqual([
      'GET',
      'GET comments',
      'GET content_publishing_limit',
      'GET insights',
      'GET media',
      'GET stories',
      'POST comments',
      'POST media',
      'POST media_publish',
    ]);
    const metrics = calls.flatMap(({ given }) => given.metric?.split(',') ?? []);
    expect(metrics.length).toBeGreaterThan(0);
    for (const metric of metrics) expect(DEAD_METRICS).not.toContain(metric);
  });

  test('not what it does not know', () => {
    const problemsOf = checks(() => true);
    const post = (path: string, given: Record<string, string>) => problemsOf({ method: 'POST', path, given });
    expect(post(`${USER_ID}/media`, { image: 'a' })).toEqual(['must NOT have additional properties image']);
    expect(post(`${USER_ID}/media_publish`, {})).toEqual(["must have required property 'creation_id'"]);
    expect(post(`${USER_ID}/media_publish`, { creation_id: 'a' })).not.toEqual([]);
    const get = (path: string, given: Record<string, string>) => problemsOf({ method: 'GET', path, given });
    expect(get('1/insights', { metric: 'views,likes' })).toEqual([]);
    expect(get('1/insights', { metric: 'views,fame' })).not.toEqual([]);
    expect(get('1', { fields: 'likes' })).toEqual(['no field likes of IGMedia']);
  });
});
