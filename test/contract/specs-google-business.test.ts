import { expect, test } from 'vitest';
import { googleBusiness } from '../../shared/channels/google-business.ts';
import { DUE_AT } from '../support/builders.ts';
import {
  fakeGoogleBusiness,
  GOOGLE_LOCATION,
  GOOGLE_TOKEN,
} from '../support/fake-networks/google-business.ts';
import type { Received } from '../support/fake-networks/server.ts';
import { openApiChecks } from '../support/openapi-check.ts';
import { providerContext } from '../support/provider-context.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

// Google's description of businesses has no posts.
const SPEC = vendorDescription('google-business-info.openapi.json');
// `readMask` is a parameter of every read, says Google; this description gives it to lists alone.
const CHECKS = { slashesIn: ['name', 'parent'], extraQuery: ['readMask'] };

describeBy(SPEC, 'Google’s description of businesses allows', () => {
  test('every request that we send about them', async () => {
    const network = await fakeGoogleBusiness({ now: () => DUE_AT });
    const { url } = network;
    network.manage(['locations/333']);
    const provider = googleBusiness({ posts: url, accounts: url, locations: url, tokenUrl: `${url}/token` });
    const context = providerContext();
    await provider.verify({ accessToken: GOOGLE_TOKEN, location: GOOGLE_LOCATION }, context);
    const app = { clientId: 'client', clientSecret: 'secret' };
    await provider.login?.choices({ tokens: { accessToken: GOOGLE_TOKEN }, app }, context);
    await network.close();

    const problemsOf = openApiChecks(SPEC, CHECKS);
    const about = network.requests.filter(({ url: { pathname } }) => pathname.includes('/locations'));
    expect(about.map(({ url: { pathname } }) => pathname)).toEqual([
      '/v1/locations/222',
      '/v1/accounts/111/locations',
      '/v1/accounts/111/locations',
    ]);
    for (const request of about) expect(problemsOf(request), request.url.href).toEqual([]);
  });

  test('not what it forbids', () => {
    const problemsOf = openApiChecks(SPEC, CHECKS);
    const get = (path: string, method = 'GET'): Received => ({
      method,
      url: new URL(path, 'http://127.0.0.1'),
      headers: {},
      body: '',
      bytes: new Uint8Array(),
      json: undefined,
    });
    for (const wrong of [
      get('/v4/locations/222'),
      get('/v1/locations/222?mask=name'),
      get('/v1/accounts/111/locations?readMask=name&pageSize=many'),
      get('/v1/accounts/111/locations?readMask=name&page=2'),
      get('/v1/accounts/111/locations', 'PUT'),
    ]) {
      expect(problemsOf(wrong), wrong.url.href).not.toEqual([]);
    }
  });
});
