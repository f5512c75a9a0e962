import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningLaptop, startLaptop } from '../support/laptop.ts';
import { aClient, speaker } from '../support/stage.ts';

const command = (home: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [resolve(import.meta.dirname, '../../infra/agency.ts'), ...args], {
    env: { ...process.env, SENDEPLAN_HOME: home },
  });

describe.skipIf(Boolean(process.env.E2E_URL))('npm run agency -- create NAME', () => {
  let laptop: RunningLaptop;
  beforeAll(async () => {
    laptop = await startLaptop();
  });
  afterAll(() => laptop?.stop());

  test('makes a tenant of its own, whose key works and sees nothing of the others', async () => {
    const first = { ...speaker(laptop.apiUrl, laptop.apiKey), mailsTo: undefined, stop: laptop.stop };
    const client = await aClient(first);
    const { stdout } = await command(laptop.home, 'create', 'Second agency');
    const key = /SENDEPLAN_KEY=(sp_\S+)/.exec(stdout)?.[1] ?? '';
    const second = speaker(laptop.apiUrl, key);
    const me = await second.call('GET', '/v1/me');
    expect(me.status).toBe(200);
    expect(me.body.scope).toBe('admin');
    expect((await second.call('GET', '/v1/brands')).body.items).toEqual([]);
    const foreign = await second.call('GET', `/v1/brands/${client.brandId}`);
    const unknown = await second.call('GET', '/v1/brands/brd_00000000000000000000');
    expect([foreign.status, foreign.body.code]).toEqual([unknown.status, unknown.body.code]);
  });

  test('prints commands that queue a first post as they stand', async () => {
    const { stdout } = await command(laptop.home, 'create', 'Second agency');
    const commands = stdout.split('\n').filter((line) => !/^(Agency|A client)/.test(line));
    const { stdout: said } = await promisify(execFile)('sh', ['-ec', commands.join('\n')]);
    const [client, channel, post] = said.split('\n').map((line) => JSON.parse(line));
    expect([client.name, channel.network]).toEqual(['Bakery', 'sandbox']);
    expect(post).toMatchObject({ brandId: client.id, deliveries: [{ channelId: channel.id }] });
  });

  test('says what to do when nothing runs, and how it is used', async () => {
    const nowhere = await command('/nonexistent', 'create', 'Agency').catch(
      (error: { stderr: string; code: number }) => error,
    );
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('npm start') });
    const wrong = await command('/nonexistent', 'destroy').catch(
      (error: { stderr: string; code: number }) => error,
    );
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('usage:') });
  });
});
