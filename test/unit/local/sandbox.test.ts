import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalRequest } from '../../../infra/local/local-answer.ts';
import { openSandbox } from '../../../infra/local/sandbox.ts';
import { engagement } from '../../../infra/local/sandbox-engagement.ts';
import { openSandboxMedia } from '../../../infra/local/sandbox-media.ts';
import { sandboxRoutes } from '../../../infra/local/sandbox-routes.ts';
import { temporaryFolder } from '../../support/laptop-engines.ts';

const BASE = 'http://127.0.0.1:4000/sandbox';
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function aNetwork() {
  const folder = await temporaryFolder();
  ends.push(folder.remove);
  const open = async () => {
    let ids = 0;
    const sandbox = await openSandbox(join(folder.path, 'sandbox.jsonl'));
    ends.push(sandbox.close);
    const media = await openSandboxMedia(join(folder.path, 'media'));
    return sandboxRoutes({ sandbox, media, baseUrl: BASE, newId: () => `sbx-${++ids}` });
  };
  let routes = await open();
  const ask = async (method: string, path: string, more: Partial<LocalRequest> = {}) => {
    const url = new URL(path, BASE);
    const answer = await routes({
      method,
      path: url.pathname.split('/').filter(Boolean),
      query: url.searchParams,
      headers: {},
      body: '',
      wantsJson: true,
      ...more,
    });
    return { status: answer.status, body: parsed(String(answer.body)), text: String(answer.body) };
  };
  const post = (account: string, key: string, text: string) =>
    ask('POST', '/api/posts', {
      headers: { authorization: `Bearer ${account}`, 'idempotency-key': key },
      body: JSON.stringify({ text }),
    });
  return {
    ask,
    post,
    /** As after a kill: nothing was closed. */
    restart: async () => {
      routes = await open();
    },
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

describe('the sandbox network', () => {
  it('knows every account by its name, but for the expired ones', async () => {
    const { ask, post } = await aNetwork();
    expect(await ask('GET', '/api/accounts/cafe-nord')).toMatchObject({
      status: 200,
      body: {
        id: 'cafe-nord',
        handle: '@cafe-nord',
        url: `${BASE}/cafe-nord`,
        followers: expect.any(Number),
      },
    });
    expect((await ask('GET', '/api/accounts/expired-nord')).status).toBe(401);
    expect((await post('expired-nord', 'k', 'text')).status).toBe(401);
    expect((await ask('GET', '/api/accounts/Caf%C3%A9')).status).toBe(404);
  });

  it('makes one post of the same key, however often and however fast it comes', async () => {
    const { ask, post } = await aNetwork();
    const answers = await Promise.all([1, 2, 3].map(() => post('nord', 'key-1', 'Hello')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await ask('GET', '/api/posts?account=nord')).body).toMatchObject([
      { text: 'Hello', key: 'key-1' },
    ]);
    expect((await post('sued', 'key-1', 'Hello')).status).toBe(201);
  });

  it('still knows posts, keys and removals after a kill', async () => {
    const { ask, post, restart } = await aNetwork();
    const kept = await post('nord', 'key-1', 'kept');
    await post('nord', 'key-2', 'removed');
    await ask('DELETE', '/api/posts/sbx-2', { headers: { authorization: 'Bearer nord' } });
    await restart();
    expect((await ask('GET', '/api/posts?account=nord')).body).toMatchObject([{ text: 'kept' }]);
    expect(await post('nord', 'key-1', 'kept')).toMatchObject({ status: 200, body: kept.body });
  });

  it('lists the newest post first', async () => {
    const { ask, post } = await aNetwork();
    await post('nord', 'a', 'first');
    await post('nord', 'b', 'second');
    expect((await ask('GET', '/api/posts?account=nord')).body).toMatchObject([
      { text: 'second' },
      { text: 'first' },
    ]);
  });

  it('tells engagement by post, and null for a post that is gone', async () => {
    const { ask, post } = await aNetwork();
    await post('nord', 'a', 'Hello');
    const { body } = await ask('GET', '/api/posts/metrics?ids=sbx-1,sbx-9');
    expect(body).toEqual({
      'sbx-1': {
        views: expect.any(Number),
        reactions: expect.any(Number),
        replies: expect.any(Number),
        shares: expect.any(Number),
      },
      'sbx-9': null,
    });
  });

  it('removes a post for its own account only', async () => {
    const { ask, post } = await aNetwork();
    await post('nord', 'a', 'Hello');
    const remove = (account: string) =>
      ask('DELETE', '/api/posts/sbx-1', { headers: { authorization: `Bearer ${account}` } });
    expect((await remove('sued')).status).toBe(404);
    expect((await remove('nord')).status).toBe(204);
    expect((await remove('nord')).status).toBe(404);
  });

  it('refuses a post without key or text, and a link that is none', async () => {
    const { ask, post } = await aNetwork();
    const headers = { authorization: 'Bearer nord' };
    expect((await ask('POST', '/api/posts', { headers, body: '{"text":"x"}' })).status).toBe(400);
    expect((await post('nord', 'k', '')).status).toBe(422);
    const link = JSON.stringify({ text: 'x', link: 'javascript:alert(1)' });
    const withKey = { ...headers, 'idempotency-key': 'k' };
    expect((await ask('POST', '/api/posts', { headers: withKey, body: link })).status).toBe(422);
  });

  it('shows what was posted as text, never as markup', async () => {
    const { ask, post } = await aNetwork();
    await post('nord', 'a', '<script>alert(1)</script>');
    for (const path of ['/', '/nord', '/posts/sbx-1']) {
      const { text } = await ask('GET', path);
      expect(text).toContain('alert(1)');
      expect(text).not.toContain('<script');
    }
  });
});

describe('engagement', () => {
  it('is the same for the same post and age, and shows within seconds', () => {
    expect(engagement('sbx-1', 10_000)).toEqual(engagement('sbx-1', 10_000));
    expect(engagement('sbx-1', 0)).toEqual({ views: 0, reactions: 0, replies: 0, shares: 0 });
    expect(engagement('sbx-1', 5_000).views).toBeGreaterThan(50);
    expect(engagement('sbx-1', 5_000).reactions).toBeGreaterThan(0);
  });

  it('never falls as a post grows older', () => {
    const ages = [1, 5, 30, 3_600, 86_400, 604_800].map((seconds) => engagement('sbx-2', seconds * 1_000));
    for (const [index, older] of ages.slice(1).entries()) {
      expect(older.views).toBeGreaterThan(ages[index]?.views ?? 0);
      expect(older.reactions).toBeGreaterThanOrEqual(ages[index]?.reactions ?? 0);
    }
  });
});
