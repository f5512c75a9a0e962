import { describe, expect, test } from 'vitest';
import type { Scan } from '../../../shared/adapters/store/brand-trace.ts';
import type { Item } from '../../../shared/adapters/store/table.ts';
import { SYSTEM } from '../../../shared/domain/agency.ts';
import { sha256 } from '../../../shared/domain/ids.ts';
import type { BrandRecord } from '../../../shared/store-ports.ts';
import { eraseBrand } from '../../../shared/usecases/erase-brand.ts';
import { anId } from '../../support/builders.ts';
import { aFullBrand, erasingDeps, scannable } from '../../support/erasing-world.ts';
import { crashingAfter } from '../../support/faulty-table.ts';
import { memoryBucket } from '../../support/memory-bucket.ts';

/** Two full brands of one agency on one account; `krume` is the one to be erased. */
async function world(state?: 'scheduled') {
  const { table, scan } = scannable();
  const bucket = memoryBucket();
  const made = erasingDeps(table, scan, bucket);
  const krume = await aFullBrand(made, 'krume', state ? { state } : {});
  await aFullBrand(made, 'other');
  return { ...made, table, scan, bucket, krume };
}
type World = Awaited<ReturnType<typeof world>>;

const act = (over: { cancel?: boolean } = {}) => ({
  brandId: anId('brd', 'krume'),
  cancel: false,
  actor: SYSTEM,
  graceMs: 61_000,
  ...over,
});
const all = async (scan: Scan): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const item of scan()) items.push(item);
  return items.sort((a, b) => (a.pk + a.sk < b.pk + b.sk ? -1 : 1));
};
const recordsOf = async ({ deps }: World, brandId: string): Promise<BrandRecord[]> => {
  const trace = await deps.records.trace(brandId);
  const records: BrandRecord[] = [];
  if (trace) for await (const record of deps.records.all(trace)) records.push(record);
  return records;
};
/** All that is left and is not the other brand's, but for the account that both stand on. */
const leftOf = async (it: World): Promise<Item[]> => {
  const others = new Set((await recordsOf(it, anId('brd', 'other'))).map(({ name }) => name));
  return (await all(it.scan)).filter(({ pk, sk }) => !others.has(JSON.stringify([pk, sk])));
};

describe('erasing a brand', () => {
  test('takes every item and file of it, leaves another brand as it was, and one audit entry with the receipt', async () => {
    const it = await world();
    const otherBefore = (await recordsOf(it, anId('brd', 'other'))).map(({ name }) => name);
    const receipt = await eraseBrand(it.deps, act());
    const [entry, ...more] = await leftOf(it);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ act: 'brand.erase', target: receipt.brandId });
    expect((await recordsOf(it, anId('brd', 'other'))).map(({ name }) => name)).toEqual(otherBefore);
    expect(JSON.stringify(await all(it.scan))).not.toMatch(/krume/);
    expect([...it.bucket.files.keys()]).toEqual([expect.stringContaining(anId('brd', 'other'))]);
    expect(it.disarmed).toEqual([receipt.brandId]);
  });

  test('counts each kind, deleted posts and channels too, and hashes the keys so that anybody can do it again', async () => {
    const it = await world();
    const before = await recordsOf(it, anId('brd', 'krume'));
    const receipt = await eraseBrand(it.deps, act());
    expect(receipt.counts).toEqual({
      account: 1,
      activeHold: 2,
      alert: 1,
      attempt: 2,
      audit: 6,
      brand: 1,
      channel: 1,
      channelName: 1,
      content: 2,
      externalId: 2,
      file: 1,
      followers: 2,
      hold: 2,
      mail: 1,
      media: 1,
      metrics: 4,
      post: 2,
      report: 1,
      reportName: 1,
      session: 1,
      turn: 1,
      unsubscribed: 1,
    });
    const names = before.flatMap(({ name, paths }) => [name, ...paths]);
    expect(receipt.hash).toBe(sha256(names.map(sha256).sort().join('\n')));
  });

  test('after a crash at any write, a repeat erases the rest and gives the receipt of the whole', async () => {
    const calm = await eraseBrand((await world()).deps, act());
    let crashes = 0;
    for (let writes = 0; ; writes += 1) {
      const it = await world();
      const broken = erasingDeps(crashingAfter(writes, it.table), it.scan, it.bucket);
      const whole = (await recordsOf(it, anId('brd', 'krume'))).flatMap(({ name, paths }) => [
        name,
        ...paths,
      ]);
      const ended = await eraseBrand(broken.deps, act()).catch((error: Error) => error.message);
      if (ended !== 'crash') break;
      crashes += 1;
      const receipt = await eraseBrand(it.deps, act());
      expect(receipt.counts, `${writes}`).toEqual(calm.counts);
      expect(receipt.hash).toBe(sha256(whole.map(sha256).sort().join('\n')));
      expect((await leftOf(it)).map((item) => item.act)).toEqual(['brand.erase']);
      expect(it.bucket.files.size).toBe(1);
    }
    expect(crashes).toBeGreaterThan(30);
  });

  test('also takes what was still written by a call that had begun before', async () => {
    const it = await world();
    const { agencyId, id } = it.krume.channel;
    const late = () => it.deps.channels.putFollowers(agencyId, id, '2026-11-30', 121);
    const clock = { ...it.deps.clock, sleep: async () => void (await late()) };
    const receipt = await eraseBrand({ ...it.deps, clock }, act());
    expect(receipt.counts.followers).toBe(3);
    expect(await leftOf(it)).toHaveLength(1);
  });

  test('done again, gives the same receipt and adds no audit entry; of an unknown brand it says so', async () => {
    const it = await world();
    const receipt = await eraseBrand(it.deps, act());
    expect(await eraseBrand(it.deps, act())).toEqual(receipt);
    expect(await leftOf(it)).toHaveLength(1);
    await expect(eraseBrand(it.deps, { ...act(), brandId: anId('brd', 'nobody') })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('finds what a brand that was deleted before has left', async () => {
    const it = await world();
    await it.deps.channels.delete(it.krume.channel);
    await it.deps.brands.delete(it.krume.brand.agencyId, it.krume.brand.id);
    const { counts } = await eraseBrand(it.deps, act());
    expect(counts).toMatchObject({ post: 2, content: 2, media: 1, followers: 2, report: 1 });
    expect(await leftOf(it)).toHaveLength(1);
  });

  test('refuses while deliveries are open, and touches nothing; with cancel, cancels them and goes on', async () => {
    const it = await world('scheduled');
    const before = await all(it.scan);
    await expect(eraseBrand(it.deps, act())).rejects.toMatchObject({
      code: 'conflict',
      data: { deliveries: [`dlv_${it.krume.posts[0]?.id.slice(5)}_01`] },
    });
    expect(await all(it.scan)).toEqual(before);
    await eraseBrand(it.deps, act({ cancel: true }));
    expect(await leftOf(it)).toHaveLength(1);
  });
});

describe('exporting a brand', () => {
  test('tells every kind that people care about, in readable times, and no secret', async () => {
    const it = await world();
    const lines = (await recordsOf(it, anId('brd', 'krume'))).flatMap((record) => record.lines());
    const kinds = new Set(lines.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      'alert',
      'attempt',
      'audit',
      'brand',
      'channel',
      'content',
      'delivery',
      'followers',
      'hold',
      'mail',
      'media',
      'metrics',
      'post',
      'report',
      'unsubscribed',
    ]);
    const text = JSON.stringify(lines);
    expect(text).toContain('words of krume');
    expect(text).not.toMatch(/sealed-of|session-of|words of other|17\d{11}/);
    const [post] = lines.filter(({ kind }) => kind === 'post');
    expect(post).toMatchObject({ createdAt: '2026-11-29T12:00:00.000Z' });
  });
});
