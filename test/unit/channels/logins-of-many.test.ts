import { describe, expect, test } from 'vitest';
import { facebook } from '../../../shared/channels/facebook.ts';
import { googleBusiness } from '../../../shared/channels/google-business.ts';
import type { HttpRequest } from '../../../shared/channels/provider.ts';
import type { Http } from '../../../shared/ports.ts';
import { providerContext } from '../../support/provider-context.ts';

const app = { clientId: 'app', clientSecret: 'secret' };
const tokens = { accessToken: 'token' };
const MANY = 60;
const range = (length: number): number[] => Array.from({ length }, (_, n) => n + 1);

/** A network that takes its time, by turns: everything that is asked in one turn is answered with it. */
function slowly(answer: (url: URL) => object) {
  let turns = 0;
  const waiting: (() => void)[] = [];
  const http: Http = async ({ url }: HttpRequest) => {
    await new Promise<void>((go) => {
      if (waiting.push(go) > 1) return;
      setImmediate(() => {
        turns += 1;
        for (const one of waiting.splice(0)) one();
      });
    });
    const json = answer(new URL(url));
    return { kind: 'answered', status: 200, headers: {}, text: JSON.stringify(json), json };
  };
  return { context: providerContext({ http }), turns: () => turns };
}

/**
 * The callback has 29 seconds, and the code is spent when they are over. A network that takes half a second a turn,
 * asked for one business after the other, would need a minute.
 */
describe('an agency’s login that reaches sixty businesses', () => {
  test('at Facebook is read in few turns', async () => {
    const { context, turns } = slowly((url) => {
      const [, id = '', edge] = url.pathname.replace(/^\/v[\d.]+/, '').split('/');
      if (edge === 'access_token') return { access_token: 'long-lived' };
      if (edge === 'businesses') return { data: range(MANY).map((n) => ({ id: `b${n}` })) };
      if (edge !== 'client_pages') return { data: [] };
      return { data: [{ id: `page-of-${id}`, name: 'Bakery', access_token: 'page-token' }] };
    });
    const told = await facebook().login?.choices({ tokens, app }, context);
    const ids = told?.kind === 'choices' ? told.choices.map(({ account }) => account.id) : [];
    expect(ids).toEqual(range(MANY).map((n) => `page-of-b${n}`));
    expect(turns()).toBeLessThan(20);
  });

  test('at Google is read in few turns', async () => {
    const { context, turns } = slowly((url) => {
      const account = /accounts\/(\d+)\/locations$/.exec(url.pathname)?.[1];
      if (account === undefined) return { accounts: range(MANY).map((n) => ({ name: `accounts/${n}` })) };
      return { locations: [{ name: `locations/${account}`, title: 'Bakery' }] };
    });
    const told = await googleBusiness().login?.choices({ tokens, app }, context);
    const ids = told?.kind === 'choices' ? told.choices.map(({ account }) => account.id) : [];
    expect(ids).toEqual(range(MANY).map((n) => `locations/${n}`));
    expect(turns()).toBeLessThan(20);
  });
});
