import { expect, test } from 'vitest';
import { checkSecrets } from './secrets.ts';

test('a vault that only looks like one is found out, in the table and by swapping', async () => {
  const result = await checkSecrets({
    vault: {
      newDataKey: async () => 'no key',
      seal: async (_agency, _owner, _field, plain) =>
        `v1.${Buffer.from(`seal ${plain}`).toString('base64url')}`,
      open: async (_agency, _owner, _field, sealed) =>
        Buffer.from(sealed.slice(3), 'base64url').toString().slice('seal '.length),
    },
  });
  expect(result.holds).toBe(false);
  expect(result.leaks).toBeGreaterThan(5);
  expect(result.opened).toBe(result.swapped);
}, 60_000);
