import { brandRecords } from '../../shared/adapters/store/brand-records.ts';
import type { Scan } from '../../shared/adapters/store/brand-trace.ts';
import { stores } from '../../shared/adapters/store/stores.ts';
import type { Item, Key, Table } from '../../shared/adapters/store/table.ts';
import { sha256 } from '../../shared/domain/ids.ts';
import type { Media } from '../../shared/domain/media.ts';
import type { StoredReport } from '../../shared/domain/report.ts';
import type { Deps } from '../../shared/ports.ts';
import { memoryTable } from '../simulation/memory-table.ts';
import { aBrand, aChannel, aContent, aDelivery, aHold, anActor, anId, aPost, MADE_AT } from './builders.ts';

/** A table in memory that can also be looked through. */
export function scannable(): { table: Table; scan: Scan } {
  const inner = memoryTable();
  const written = new Map<string, Key>();
  const remember = ({ pk, sk }: Key) => written.set(JSON.stringify([pk, sk]), { pk, sk });
  const table: Table = {
    ...inner,
    put: (item, conditions) => {
      remember(item);
      return inner.put(item, conditions);
    },
    update: (key, change, conditions) => {
      remember(key);
      return inner.update(key, change, conditions);
    },
  };
  async function* scan(): AsyncGenerator<Item> {
    for (const key of [...written.values()]) {
      const item = await inner.get(key);
      if (item) yield item;
    }
  }
  return { table, scan };
}

/** What an erasure needs, over a table; time stands still. */
export function erasingDeps(table: Table, scan: Scan, bucket: Deps['bucket']) {
  const disarmed: string[] = [];
  const deps = {
    ...stores(table, () => MADE_AT),
    records: brandRecords(table, scan),
    bucket,
    clock: { now: () => MADE_AT, monotonic: () => MADE_AT, sleep: async () => {} },
    scheduler: {
      arm: async () => {},
      disarm: async () => {},
      armReport: async () => {},
      disarmReport: async (brandId: string) => void disarmed.push(brandId),
    },
  };
  return { deps: deps as unknown as Deps & typeof deps, disarmed };
}

/** Everything that a brand can leave in the table, with a text of its own in all that people wrote. */
export async function aFullBrand(
  { deps }: Pick<ReturnType<typeof erasingDeps>, 'deps'>,
  name: string,
  over: { state?: 'published' | 'scheduled' } = {},
) {
  const agencyId = anId('agy');
  const brand = aBrand({ id: anId('brd', name), agencyId, name });
  const own = { agencyId, brandId: brand.id };
  const actor = anActor();
  const told = (act: string, target: string, data?: Record<string, unknown>) =>
    deps.audit.append(agencyId, { at: MADE_AT, actor, act, target, ...(data ? { data } : {}) });

  await deps.brands.create(brand);
  await told('brand.create', brand.id, { name });
  const channel = aChannel({ ...own, id: anId('chn', name), shared: true, credential: `sealed-of-${name}` });
  await deps.channels.claimAccount(channel);
  await deps.channels.create(channel);
  await deps.channels.putSession(agencyId, channel.id, `session-of-${name}`);
  await deps.channels.putFollowers(agencyId, channel.id, '2026-11-29', 120);
  await deps.channels.takeTurn(agencyId, channel.id, { owner: 'one', now: MADE_AT, until: MADE_AT + 1 });
  const gone = aChannel({ ...own, id: anId('chn', `${name} gone`), shared: true });
  await told('channel.connect', gone.id, { brandId: brand.id });
  await deps.channels.putFollowers(agencyId, gone.id, '2026-11-28', 7);
  await told('channel.delete', gone.id, { network: gone.network });

  const content = aContent({ base: { text: `words of ${name}` } });
  const posts = ['one', 'deleted'].map((title) =>
    aPost({
      ...own,
      id: anId('post', `${name} ${title}`),
      deliveries: [
        aDelivery({
          channelId: channel.id,
          state: title === 'deleted' ? 'cancelled' : (over.state ?? 'published'),
        }),
      ],
    }),
  );
  for (const post of posts) {
    await deps.posts.putContent(agencyId, post.id, 1, post.contentHash, content);
    await deps.posts.create(post);
    const ref = { agencyId, postId: post.id, n: 1 };
    await deps.posts.addAttempt(ref, { n: 1, attempt: 1, at: MADE_AT, outcome: 'unavailable', reason: name });
    await deps.posts.putAsked(agencyId, post.id, [{ n: 1, age: '1h', at: MADE_AT, metrics: 'removed' }]);
    await deps.posts.addSwept(agencyId, brand.id, MADE_AT, [
      { postId: post.id, n: 1, age: '6h', at: MADE_AT, metrics: 'removed' },
    ]);
    await deps.posts.reserveExternalId(ref, 'mastodon', `external-${post.id}`);
    await told('post.cancel', post.id);
  }
  const [, deleted] = posts;
  if (deleted) await deps.posts.replace({ ...deleted, deletedAt: MADE_AT });

  const media: Media = {
    ...own,
    id: anId('med', name),
    fileName: `${name}.jpg`,
    sha256: sha256(name),
    state: 'ready',
    files: [{ name: 'original', path: `${agencyId}/${brand.id}/a.jpg`, type: 'image/jpeg', bytes: 3 }],
    createdAt: MADE_AT,
    createdBy: actor,
  };
  await deps.media.create(media);
  await deps.bucket.put(media.files[0]?.path ?? '', { type: 'image/jpeg', bytes: new Uint8Array(3) });

  await deps.holds.put(aHold({ ...own, id: anId('hld', name), scope: { brandId: brand.id } }));
  await deps.holds.put(aHold({ ...own, id: anId('hld', `${name} c`), scope: { channelId: channel.id } }));
  await told('hold.release', anId('hld', `${name} c`));
  const report = {
    ...own,
    id: anId('rep', name),
    createdAt: MADE_AT,
    week: '2026-W48',
    note: `note of ${name}`,
  };
  await deps.reports.create(report as unknown as StoredReport);
  const mail = {
    ...own,
    id: anId('mail', name),
    state: 'sent',
    to: `${name}@client.example`,
    at: MADE_AT,
  } as const;
  await deps.mails.end(mail);
  await deps.mails.unsubscribe(agencyId, brand.id, `${name}@client.example`, MADE_AT);
  await deps.alerts.add(agencyId, brand.id, 'key', { at: MADE_AT, code: 'delivery.failed', subject: name });
  return { brand, channel, posts, media };
}
