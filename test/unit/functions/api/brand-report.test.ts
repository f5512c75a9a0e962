import { expect, it } from 'vitest';
import { brandRoutes } from '../../../../functions/api/brands.ts';
import { apiWorld } from '../../../support/api-world.ts';

const bakery = { name: 'Bakery', timeZone: 'Europe/Berlin' };

it('takes one address for answers to the report, and takes it away again', async () => {
  const here = await apiWorld({ routes: brandRoutes });
  const { body: made } = await here.request('POST', '/v1/brands', {
    body: { ...bakery, report: { replyTo: 'eva@agency.example' } },
  });
  expect(made.report).toEqual({
    weekday: 'monday',
    time: '08:00',
    recipients: [],
    replyTo: 'eva@agency.example',
  });
  const patch = (replyTo: unknown) =>
    here.request('PATCH', `/v1/brands/${made.id}`, { body: { report: { replyTo } } });
  for (const wrong of [
    'eva',
    'a@agency.example, b@agency.example',
    'a@agency.example\r\nBcc: b@c.example',
    '',
  ]) {
    expect((await patch(wrong)).body.findings).toMatchObject([{ path: '/report/replyTo' }]);
  }
  expect((await patch(null)).body.report).not.toHaveProperty('replyTo');
  expect(here.seen.reportsArmed).toHaveLength(1);
});
