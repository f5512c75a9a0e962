import { describe, expect, onTestFinished, test } from 'vitest';
import { renewalByRefreshToken } from '../../../shared/channels/token-renewal.ts';
import { HOUR } from '../../../shared/domain/time.ts';
import { type Reply, startServer } from '../../support/fake-networks/server.ts';
import { providerContext } from '../../support/provider-context.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const APP = { clientId: 'app', clientSecret: 'secret' };
type Credential = {
  accessToken: string;
  refreshToken?: string | undefined;
  expiresAt?: string | undefined;
  author: string;
};
const held: Credential = {
  accessToken: 'a1',
  refreshToken: 'r1',
  expiresAt: '2026-11-30T13:00:00Z',
  author: 'bakery',
};

async function setup(reply: Reply) {
  const server = await startServer(() => reply);
  onTestFinished(server.close);
  const renewal = renewalByRefreshToken<Credential>('the network', { tokenUrl: server.url }, (reason) =>
    reason.startsWith('HTTP 400'),
  );
  const context = providerContext({ now: () => NOW });
  const refresh = (credential = held) => renewal.refresh?.(credential, APP, context);
  return { renewal, refresh };
}

describe('renewing by a refresh token', () => {
  test('gives new tokens, and leaves for whom they are', async () => {
    const { refresh } = await setup({
      status: 200,
      body: { access_token: 'a2', refresh_token: 'r2', expires_in: 7_200 },
    });
    expect(await refresh()).toEqual({
      kind: 'refreshed',
      credential: {
        accessToken: 'a2',
        refreshToken: 'r2',
        expiresAt: new Date(NOW + 2 * HOUR).toISOString().replace('.000', ''),
        author: 'bakery',
      },
    });
  });

  test('keeps a refresh token that stays, and no end that nobody has told', async () => {
    const { refresh } = await setup({ status: 200, body: { access_token: 'a2' } });
    expect(await refresh()).toEqual({
      kind: 'refreshed',
      credential: { accessToken: 'a2', refreshToken: 'r1', author: 'bakery' },
    });
  });

  test('is promised only of credentials that have one', async () => {
    const { renewal, refresh } = await setup({ status: 500 });
    const { refreshToken: _none, ...bare } = held;
    expect(renewal.renews?.(held)).toBe(true);
    expect(renewal.renews?.(bare)).toBe(false);
    expect(renewal.expiresAt(held)).toBe(NOW + HOUR);
    expect(await refresh(bare)).toMatchObject({ kind: 'unauthorized' });
  });

  test('waits for the agency’s app, and for a network in trouble', async () => {
    const { renewal, refresh } = await setup({ status: 500 });
    expect(await renewal.refresh?.(held, undefined, providerContext())).toMatchObject({
      kind: 'unavailable',
    });
    expect(await refresh()).toMatchObject({ kind: 'unavailable' });
  });

  test('is over when the network says so in words of its own', async () => {
    const { refresh } = await setup({ status: 400, body: { code: 1, message: 'Bad token' } });
    expect(await refresh()).toMatchObject({ kind: 'unauthorized' });
  });
});
