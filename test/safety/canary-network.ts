import type { AnyProvider } from '../../shared/ports.ts';
import { oauthProvider } from '../support/fake-networks/oauth.ts';
import { type FakeServer, startServer } from '../support/fake-networks/server.ts';
import { canary } from './canaries.ts';

export const APP = { clientId: 'app-of-the-agency', clientSecret: canary('client secret') };

export type CanaryNetwork = FakeServer & {
  readonly provider: AnyProvider;
  /** What it does with the next posts: anything but `take` repeats all that it was sent in its refusal. */
  readonly next: (...ways: readonly Way[]) => void;
};
type Way = 'take' | 'refuse' | 'unauthorized' | 'away';

/**
 * A network with logins that is careless with what it is told: it repeats tokens, secrets and signed addresses in its
 * error messages.
 */
export async function canaryNetwork(): Promise<CanaryNetwork> {
  const ways: Way[] = [];
  let tokens = 0;
  const server = await startServer(({ method, url, body, headers }) => {
    const repeated = `no: ${headers.authorization ?? ''} ${String(headers['x-api-key'] ?? '')} ${body}`;
    if (url.pathname === '/token') {
      const form = new URLSearchParams(body);
      if (form.get('client_secret') !== APP.clientSecret) return { status: 401, body: { error: repeated } };
      if (form.get('refresh_token') === canary('refresh 2')) {
        return { status: 400, body: { error: 'invalid_grant', error_description: repeated } };
      }
      tokens += 1;
      const made = { access_token: canary(`access ${tokens}`), refresh_token: canary(`refresh ${tokens}`) };
      return { status: 200, body: { ...made, token_type: 'Bearer', expires_in: '7200' } };
    }
    if (url.pathname === '/accounts') return { status: 200, body: { accounts: ['bakery'] } };
    if (method !== 'POST') return { status: 404, body: { message: repeated } };
    switch (ways.shift() ?? 'take') {
      case 'take':
        return { status: 200, body: { id: `post-${Date.now()}` } };
      case 'refuse':
        return { status: 422, body: { message: repeated } };
      case 'unauthorized':
        return { status: 401, body: { error_description: repeated } };
      case 'away':
        return { status: 503, body: repeated };
    }
  });
  return { ...server, provider: providerOf(server.url), next: (...more) => void ways.push(...more) };
}

function providerOf(url: string): AnyProvider {
  return oauthProvider(url, {
    id: 'canarynet',
    name: 'Canarynet',
    limits: { text: 500, unit: 'characters' },
    safety: { kind: 'blind' },
    publish: async ({ credential, variant }, context) => {
      const answer = await context.send({
        method: 'POST',
        url: `${url}/posts?access_token=${encodeURIComponent(credential.accessToken)}`,
        headers: {
          authorization: `Bearer ${credential.accessToken}`,
          'x-api-key': credential.refreshToken ?? '',
        },
        body: JSON.stringify({ text: variant.text, password: credential.accessToken }),
      });
      const { defaultOutcome } = await import('../../shared/channels/outcome.ts');
      if (answer.kind !== 'answered' || answer.status !== 200) return defaultOutcome(answer, context.now());
      const { id } = answer.json as { id: string };
      return { kind: 'published', externalId: id, url: `${url}/${id}` };
    },
  });
}
