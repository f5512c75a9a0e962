import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, expect, test } from 'vitest';
import { threads } from '../../shared/channels/threads.ts';
import { everyRequest } from '../support/every-request.ts';
import { fieldsOf, givenTo } from '../support/fake-networks/graph.ts';
import type { FakeNetwork } from '../support/fake-networks/server.ts';
import { ACCESS_TOKEN, fakeThreads, SHORT_TOKEN, USER_ID } from '../support/fake-networks/threads.ts';
import { anAttachment } from '../support/media.ts';
import { providerContext } from '../support/provider-context.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

// Meta's own Postman collection.
const FILE = vendorDescription('threads.postman.json');

let network: FakeNetwork | undefined;
afterEach(() => network?.close());

describeBy(FILE, 'Meta’s collection for Threads allows', () => {
  test('every request that we send', async () => {
    const fake = await fakeThreads({ looks: 0 });
    network = fake;
    const provider = threads({ graph: fake.url });
    const image = anAttachment('bread');
    const video = anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920 });
    const options = { topicTag: 'Bread', replyControl: 'followers_only' };
    await everyRequest(provider, fake, { accessToken: ACCESS_TOKEN }, [
      { text: 'Hello', options },
      { text: 'Hello', link: 'https://bakery.example/', options },
      { text: 'Which?', poll: { options: ['Rye', 'Wheat'], minutes: 1_440 }, options },
      { text: 'Hello', media: [image], options },
      { text: 'Hello', media: [video], options },
      { text: 'Hello', media: [image, video], options },
      { text: 'One', thread: ['Two', 'Three'], firstComment: 'More' },
    ]);
    const app = { clientId: 'app', clientSecret: 'secret' };
    await provider.login?.choices({ tokens: { accessToken: SHORT_TOKEN }, app }, providerContext());
    await provider.renewal?.refresh?.({ accessToken: ACCESS_TOKEN }, undefined, providerContext());
    const problemsOf = postmanChecks();
    const called = new Set<string>();
    for (const request of fake.requests) {
      const path = request.url.pathname.replace('/v1.0/', '/').replace(USER_ID, 'me');
      const call = { method: request.method, path, given: givenTo(request) };
      expect(problemsOf(call), `${call.method} ${path} ${request.body}`).toEqual([]);
      called.add(`${call.method} ${path.replace(/\d+/, '…')}`);
    }
    expect([...called].sort()).toEqual([
      'DELETE /…',
      'GET /access_token',
      'GET /me',
      'GET /me/replies',
      'GET /me/threads',
      'GET /me/threads_insights',
      'GET /me/threads_publishing_limit',
      'GET /refresh_access_token',
      'GET /…',
      'GET /…/insights',
      'POST /me/threads',
      'POST /me/threads_publish',
    ]);
  });

  test('not what it does not know', () => {
    const problemsOf = postmanChecks();
    const make = (given: Record<string, string>) =>
      problemsOf({ method: 'POST', path: '/me/threads', given });
    expect(make({ media_type: 'TEXT', text: 'a', reply_control: 'everyone' })).toEqual([]);
    expect(make({ media_type: 'TEXT', text: 'a', image_url: 'b' })).not.toEqual([]);
    expect(make({ media_type: 'TEXT', text: 'a', reply_control: 'nobody' })).not.toEqual([]);
    expect(make({ media_type: 'STORY', text: 'a' })).not.toEqual([]);
    const get = (path: string, given: Record<string, string>) => problemsOf({ method: 'GET', path, given });
    expect(get('/123', { fields: 'id,likes' })).toEqual(['no field likes']);
    expect(get('/123/insights', { metric: 'impressions' })).toEqual(['no metric impressions']);
    expect(get('/me/likes', {})).toEqual(['no such request']);
  });
});

type Item = {
  readonly item?: readonly Item[];
  readonly request?: {
    readonly method: string;
    readonly url: {
      readonly raw: string;
      readonly query?: readonly { key: string; value?: string | null }[];
    };
  };
};

/** Each sample names what its request takes, what is left out by default included; values stand in variables. */
function postmanChecks() {
  const whole = JSON.parse(readFileSync(FILE, 'utf8')) as Item & {
    variable: { key: string; value: string }[];
  };
  const variables = new Map(whole.variable.map(({ key, value }) => [key, value]));
  const allowed = (name: string): string[] =>
    (variables.get(name) ?? '').replace(/\{[^}]*\}/g, '').split(/,\s*/);
  const samples = requestsIn(whole);
  const ajv = new Ajv2020({ strict: false, allErrors: true });

  return ({
    method,
    path,
    given,
  }: {
    method: string;
    path: string;
    given: Record<string, string>;
  }): string[] => {
    const { access_token: _token, ...own } = given;
    const kind = own.media_type === undefined ? {} : { media_type: own.media_type };
    const isChild = own.is_carousel_item === 'true';
    const same = samples.filter(
      (one) =>
        one.method === method &&
        new RegExp(`^${one.path.replace(/\{\{\w+\}\}/g, '\\d+')}$`).test(path) &&
        (kind.media_type === undefined || one.query.get('media_type') === kind.media_type) &&
        (kind.media_type === undefined || one.query.has('is_carousel_item') === isChild),
    );
    if (same.length === 0) return ['no such request'];
    const names = new Set(same.flatMap(({ query }) => [...query.keys()]));
    const properties = Object.fromEntries([...names].map((name) => [name, { type: 'string' }]));
    const check = ajv.compile({
      type: 'object',
      properties: { ...properties, reply_control: { enum: allowed('reply_control') } },
      additionalProperties: false,
    });
    const problems = check(own) ? [] : (check.errors ?? []).map(({ message }) => String(message));
    const known = new Set(same.flatMap(({ query }) => variablesOf(query.get('fields')).flatMap(allowed)));
    const metrics = new Set(same.flatMap(({ query }) => variablesOf(query.get('metric')).flatMap(allowed)));
    return [
      ...problems,
      ...(own.fields === undefined ? [] : fieldsOf(own))
        .filter((name) => !known.has(name))
        .map((name) => `no field ${name}`),
      ...(own.metric?.split(',') ?? [])
        .filter((name) => !metrics.has(name))
        .map((name) => `no metric ${name}`),
    ];
  };
}

const variablesOf = (value = ''): string[] =>
  [...value.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);

function requestsIn({
  item = [],
  request,
}: Item): { method: string; path: string; query: Map<string, string> }[] {
  if (request === undefined) return item.flatMap(requestsIn);
  const path = request.url.raw.replace('{{api_host}}', '').replace(/\/?(\?.*)?$/, '');
  const query = new Map((request.url.query ?? []).map(({ key, value }) => [key, value ?? '']));
  return [{ method: request.method, path, query }];
}
