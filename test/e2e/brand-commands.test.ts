import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningLaptop, startLaptop } from '../support/laptop.ts';
import { clearPng } from '../support/media-bytes.ts';
import { aClient, eventually, inSeconds, type Stage, speaker } from '../support/stage.ts';

const command = (home: string, file: 'export' | 'erase', ...args: string[]) =>
  promisify(execFile)(process.execPath, [resolve(import.meta.dirname, `../../infra/${file}.ts`), ...args], {
    // Whatever AWS set-up the person has must not lead the command elsewhere.
    env: { ...process.env, SENDEPLAN_HOME: home, AWS_PROFILE: 'somebody', AWS_REGION: 'us-east-1' },
    maxBuffer: 50_000_000,
  });
/** Each command is a process of its own, and two cores may be busy. */
const SLOW = { timeout: 90_000 };
const failing = (home: string, file: 'export' | 'erase', ...args: string[]) =>
  command(home, file, ...args).catch((error: { stderr: string; code: number }) => error);

describe.skipIf(Boolean(process.env.E2E_URL))('npm run export and npm run erase', () => {
  let laptop: RunningLaptop;
  let it: Stage;
  beforeAll(async () => {
    laptop = await startLaptop();
    it = { ...speaker(laptop.apiUrl, laptop.apiKey), mailsTo: undefined, stop: laptop.stop };
  });
  afterAll(() => laptop?.stop());

  test(
    'a file that cannot be written is told in a line',
    async () => {
      const { brandId } = await aClient(it);
      const refused = await failing(
        laptop.home,
        'export',
        '--brand',
        brandId,
        '--out',
        '/nonexistent/all.jsonl',
      );
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^ENOENT: [^\n]+\n$/) });
    },
    SLOW.timeout,
  );

  /** A brand with a file, a published and measured post, a deleted one, and a report that was mailed. */
  async function aLivedBrand() {
    const recipients = [{ email: `owner-${crypto.randomUUID()}@bakery.example` }];
    const client = await aClient(it, 2, { report: { weekday: 'monday', time: '08:00', recipients } });
    const at = `/v1/brands/${client.brandId}`;
    const bytes = await clearPng({ width: 40, height: 40 });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const media = await it.call('POST', `${at}/media`, {
      body: { fileName: 'bread.png', type: 'image/png', bytes: bytes.length, sha256 },
    });
    const { method, url, headers } = media.body.upload;
    await fetch(url, { method, headers, body: new Uint8Array(bytes) });
    await it.call('POST', `${at}/media/${media.body.id}/inspect`);
    const content = { text: `Words of ${client.name}.`, media: [{ mediaId: media.body.id, alt: 'Bread' }] };
    const post = (dueAt: string) =>
      it.call('POST', `${at}/posts`, { body: { content, channels: client.channels, dueAt } });
    const published = await post('now');
    const deleted = await post(inSeconds(3_000));
    expect((await it.call('DELETE', `/v1/posts/${deleted.body.id}`)).status).toBe(204);
    await eventually('published', async () =>
      (await it.call('GET', `/v1/posts/${published.body.id}`)).body.status === 'published' ? true : undefined,
    );
    await it.call('POST', `/v1/posts/${published.body.id}/metrics`);
    const report = await it.call('POST', `${at}/reports`, { body: { send: true } });
    await eventually('mailed', async () => {
      const { body } = await it.call('GET', `/v1/reports/${report.body.id}`);
      return body.sentAt ? true : undefined;
    });
    return { ...client, published: published.body.id as string, deleted: deleted.body.id as string };
  }
  const exported = async (brandId: string) => {
    const file = join(laptop.home, `${brandId}.jsonl`);
    const { stdout } = await command(laptop.home, 'export', '--brand', brandId, '--out', file);
    expect(stdout).toBe('');
    const text = await readFile(file, 'utf8');
    return {
      text,
      lines: text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    };
  };
  const erase = async (brandId: string, ...more: string[]) =>
    (await command(laptop.home, 'erase', '--brand', brandId, ...more)).stdout;

  test(
    'all of a brand as lines of JSON, then nothing of it but the receipt; another brand stays',
    SLOW,
    async () => {
      const [krume, other] = await Promise.all([aLivedBrand(), aLivedBrand()]);
      const { text, lines } = await exported(krume.brandId);
      const of = (kind: string) => lines.filter((line) => line.kind === kind);
      expect(of('brand')).toHaveLength(1);
      expect(of('channel')).toHaveLength(2);
      expect(of('post').map(({ id }) => id)).toEqual(
        expect.arrayContaining([krume.published, krume.deleted]),
      );
      const states = of('delivery').map(({ state }) => state);
      expect(states.sort()).toEqual(['cancelled', 'cancelled', 'published', 'published']);
      expect(JSON.stringify(of('content'))).toContain(`Words of ${krume.name}.`);
      for (const kind of ['metrics', 'report', 'mail', 'media', 'audit']) {
        expect(of(kind).length, kind).toBeGreaterThan(0);
      }
      expect(text).not.toContain(other.brandId);
      expect(text).not.toMatch(/"(credential|verifier|sealed|claimedBy)":/);

      const erased = await erase(krume.brandId);
      const receipt = JSON.parse(erased);
      expect(receipt).toMatchObject({
        erased: krume.brandId,
        counts: { brand: 1, channel: 2, post: 2, report: 1, mail: 1, media: 1, file: 3 },
      });
      expect(receipt.hash).toMatch(/^[0-9a-f]{64}$/);
      expect(await erase(krume.brandId)).toBe(erased);
      for (const path of [`/v1/brands/${krume.brandId}`, `/v1/posts/${krume.published}`]) {
        expect((await it.call('GET', path)).status).toBe(404);
      }
      const kept = await readdir(join(laptop.home, 'media'), { recursive: true, withFileTypes: true });
      const files = kept.filter((entry) => entry.isFile()).map(({ parentPath }) => parentPath);
      expect(files.filter((path) => path.includes(krume.brandId))).toEqual([]);
      expect(files.some((path) => path.includes(other.brandId))).toBe(true);
      expect((await exported(other.brandId)).text).toContain(`Words of ${other.name}.`);
    },
  );

  test('an erasure refuses while deliveries are open, and cancels them if told to', SLOW, async () => {
    const client = await aClient(it);
    const body = { content: { text: 'Later.' }, channels: client.channels, dueAt: inSeconds(3_000) };
    const open = await it.call('POST', `/v1/brands/${client.brandId}/posts`, { body });
    const refused = await failing(laptop.home, 'erase', '--brand', client.brandId);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(open.body.deliveries[0].id) });
    expect((await it.call('GET', `/v1/posts/${open.body.id}`)).body.status).toBe('scheduled');
    expect(JSON.parse(await erase(client.brandId, '--cancel')).counts).toMatchObject({ post: 1, content: 1 });
    expect((await it.call('GET', `/v1/posts/${open.body.id}`)).status).toBe(404);
  });

  test('say what is wrong, and how they are used', SLOW, async () => {
    const nobody = await failing(laptop.home, 'erase', '--brand', 'brd_00000000000000000000');
    expect(nobody).toMatchObject({ code: 1, stderr: 'There is no such brand.\n' });
    const named = await failing(laptop.home, 'export', '--brand', 'Bakery');
    expect(named).toMatchObject({ code: 1, stderr: expect.stringContaining('must look like brd_') });
    const usage = { code: 1, stderr: expect.stringContaining('usage:') };
    expect(await failing(laptop.home, 'export', 'Bakery')).toMatchObject(usage);
    expect(await failing(laptop.home, 'erase', '--all')).toMatchObject(usage);
  });
});
