import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEY_ID } from '../../infra/local/engines.ts';
import { kmsVault } from '../../shared/adapters/aws/vault.ts';
import type { Agency } from '../../shared/domain/agency.ts';
import type { Vault } from '../../shared/ports.ts';
import { startTestEngines } from '../support/laptop-engines.ts';

let engines: Awaited<ReturnType<typeof startTestEngines>>;
let vault: Vault;
beforeAll(async () => {
  engines = await startTestEngines();
  vault = kmsVault(new KMSClient(engines.standIns), KEY_ID);
});
afterAll(() => engines.stop());

async function anAgency(id: string): Promise<Agency> {
  return { id, name: id, dataKey: await vault.newDataKey(id), optInEvents: [], createdAt: 0 };
}

it('opens what it sealed, and seals the same text differently each time', async () => {
  const agency = await anAgency('agy_1');
  const plain = '{"token":"geheim 🔑"}';
  const sealed = await vault.seal(agency, 'chn_1', 'credential', plain);
  expect(await vault.open(agency, 'chn_1', 'credential', sealed)).toBe(plain);
  expect(await vault.seal(agency, 'chn_1', 'credential', plain)).not.toBe(sealed);
  expect(sealed).toMatch(/^v1\.[\w-]+$/);
});

it('does not open a text that was sealed for another channel or field', async () => {
  const agency = await anAgency('agy_1');
  const sealed = await vault.seal(agency, 'chn_1', 'credential', 'geheim');
  await expect(vault.open(agency, 'chn_2', 'credential', sealed)).rejects.toThrow();
  await expect(vault.open(agency, 'chn_1', 'session', sealed)).rejects.toThrow();
});

it('does not open another agency’s text, nor another agency’s data key', async () => {
  const one = await anAgency('agy_1');
  const other = await anAgency('agy_2');
  const sealed = await vault.seal(one, 'chn_1', 'credential', 'geheim');
  await expect(vault.open(other, 'chn_1', 'credential', sealed)).rejects.toThrow();
  const stolen = { ...other, dataKey: one.dataKey };
  await expect(vault.open(stolen, 'chn_1', 'credential', sealed)).rejects.toThrow(/ciphertext/);
});

it('does not open a text in which one character was changed', async () => {
  const agency = await anAgency('agy_1');
  const sealed = await vault.seal(agency, 'chn_1', 'credential', 'geheim');
  const changed = sealed.slice(0, -2) + (sealed.at(-2) === 'A' ? 'B' : 'A') + sealed.at(-1);
  await expect(vault.open(agency, 'chn_1', 'credential', changed)).rejects.toThrow();
  await expect(vault.open(agency, 'chn_1', 'credential', 'v2.abc')).rejects.toThrow(/version v1/);
});

it('opens after a restart what was sealed before, and asks KMS once for many texts', async () => {
  const agency = await anAgency('agy_1');
  const sealed = await vault.seal(agency, 'chn_1', 'credential', 'geheim');
  const client = new KMSClient(engines.standIns);
  let calls = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      calls += 1;
      return next(args);
    },
    { step: 'initialize' },
  );
  const restarted = kmsVault(client, KEY_ID);
  const opened = await Promise.all(
    Array.from({ length: 5 }, () => restarted.open(agency, 'chn_1', 'credential', sealed)),
  );
  expect(opened).toEqual(Array(5).fill('geheim'));
  expect(calls).toBe(1);
});

it('tries again after KMS could not be reached', async () => {
  const agency = await anAgency('agy_1');
  const sealed = await vault.seal(agency, 'chn_1', 'credential', 'geheim');
  const client = new KMSClient({ ...engines.standIns, maxAttempts: 1 });
  let away = true;
  client.middlewareStack.add(
    (next) => (args) => {
      if (away) throw new Error('KMS is away');
      return next(args);
    },
    { step: 'initialize' },
  );
  const shaky = kmsVault(client, KEY_ID);
  await expect(shaky.open(agency, 'chn_1', 'credential', sealed)).rejects.toThrow('KMS is away');
  away = false;
  expect(await shaky.open(agency, 'chn_1', 'credential', sealed)).toBe('geheim');
});

it('keeps the laptop’s master key for its owner only', async () => {
  const { mode } = await stat(join(engines.home, 'kms.key'));
  expect(mode & 0o777).toBe(0o600);
});
