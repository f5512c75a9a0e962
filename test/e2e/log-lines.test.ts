import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runLaptop } from '../support/laptop.ts';
import { temporaryFolder } from '../support/laptop-engines.ts';
import { aClient, eventually, inSeconds, type Stage, speaker } from '../support/stage.ts';

type Line = Readonly<Record<string, unknown>>;

describe.skipIf(Boolean(process.env.E2E_URL))('the log of a whole life', () => {
  test('names agency, brand and delivery of what was settled, and never what was said, to whom, or a secret', {
    timeout: 60_000,
  }, async () => {
    const folder = await temporaryFolder();
    const { child, ended, output } = runLaptop(folder.path);
    try {
      const local = await eventually(
        'started',
        async () => readFile(join(folder.path, 'local.json'), 'utf8').then(JSON.parse, () => undefined),
        40_000,
      );
      const it: Stage = {
        ...speaker(local.apiUrl, local.apiKey),
        mailsTo: undefined,
        stop: async () => undefined,
      };
      const mark = (what: string): string => `${what}-${randomUUID().slice(0, 8)}`;
      const said = {
        text: mark('text'),
        campaign: mark('campaign'),
        note: mark('note'),
        reason: mark('reason'),
      };
      const address = `${mark('owner')}@bakery.example`;
      const secret = `whsec_${Buffer.from(randomUUID()).toString('base64')}`;
      const client = await aClient(it, 2, {
        alerts: { recipients: [address] },
        report: { weekday: 'monday', time: '08:00', recipients: [{ email: address }] },
      });
      const at = `/v1/brands/${client.brandId}`;
      const nowhere = await it.call('POST', `${at}/channels`, {
        body: { network: 'webhook', name: 'Site', credential: { url: 'http://127.0.0.1:9/hook', secret } },
      });
      expect(nowhere.status).toBe(422);
      const queued = await it.call('POST', `${at}/posts`, {
        body: {
          content: { text: said.text },
          campaign: said.campaign,
          channels: client.channels,
          dueAt: inSeconds(1),
        },
      });
      expect(queued.status).toBe(201);
      const held = await it.call('POST', '/v1/holds', {
        body: { scope: { channelId: client.channels[1] }, reason: said.reason },
      });
      expect(held.status).toBe(201);
      const ids = queued.body.deliveries.map(({ id }: { id: string }) => id) as string[];
      await eventually(
        'settled',
        async () =>
          settledIn(output()).some(
            ({ deliveryId, state }) => deliveryId === ids[0] && state === 'published',
          ) || undefined,
      );
      await it.call('POST', `/v1/posts/${queued.body.id}/metrics`);
      const report = await it.call('POST', `${at}/reports`, { body: { send: true, note: said.note } });
      await eventually('mailed', async () => (output().includes('report.sent') ? true : undefined));
      await it.call('POST', `${at}/posts`, { body: 'no JSON' });
      await it.call('GET', '/v1/me', { key: mark('wrong-key') });

      const published = settledIn(output()).find(({ deliveryId }) => deliveryId === ids[0]);
      expect(published).toMatchObject({
        agencyId: expect.stringMatching(/^agy_/),
        brandId: client.brandId,
        network: 'sandbox',
        latenessMs: expect.any(Number),
      });
      expect(Buffer.byteLength(JSON.stringify(published))).toBeLessThanOrEqual(300);
      const sent = linesOf(output()).find(({ message }) => message === 'report.sent');
      expect(sent).toMatchObject({ brandId: client.brandId, reportId: report.body.id });
      // `npm start` shows the key to whoever started it; no line of the log does.
      const logged = linesOf(output())
        .map((line) => JSON.stringify(line))
        .join('\n');
      for (const never of [...Object.values(said), address, secret, local.apiKey, 'wrong-key', 'no JSON']) {
        expect(logged, never).not.toContain(never);
      }
    } finally {
      child.kill('SIGTERM');
      await ended;
      await folder.remove();
    }
  });
});

function linesOf(output: string): Line[] {
  return output
    .split('\n')
    .flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line)] : []));
}
const settledIn = (output: string): Line[] =>
  linesOf(output).filter(({ message }) => message === 'delivery.settled');
