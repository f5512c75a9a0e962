import { type Media, mediaPath } from '../../domain/media.ts';
import type { BrandRecord, BrandRecords, BrandTrace } from '../../store-ports.ts';
import { linesOf } from './brand-lines.ts';
import { isOfBrand, type Scan, shownBy, standingOf, traceBrand } from './brand-trace.ts';
import { erasureNotes } from './erasure-notes.ts';
import { PREFIX, partsOf } from './keys.ts';
import type { Condition, Item, Key, Table } from './table.ts';

/** Everything of one brand in the table, found by looking through all of it. */
export function brandRecords(table: Table, scan: Scan): BrandRecords {
  return {
    trace: (brandId) => traceBrand(scan, brandId),
    async *all(trace) {
      for await (const item of scan()) if (isOfBrand(item, trace)) yield toRecord(item, trace);
    },
    async erase({ brandId }, record) {
      const key = keyOf(record);
      if (record.kind === 'account') return leaveAccount(table, key, brandId);
      await table.delete(key);
    },
    ...erasureNotes(table),
  };
}

/**
 * In which turn an erasure takes a kind. The brand goes first; what shows others to be the brand's (an audit entry
 * by what it names, a post by its head, files by their media) goes last, so that a repeat after a crash finds the rest.
 */
const TURNS: Readonly<Record<string, number>> = {
  brand: 0,
  audit: 2,
  hold: 4,
  login: 4,
  post: 5,
  channel: 5,
  channelName: 5,
  reportName: 5,
  media: 5,
};
const USUAL_TURN = 1;
const LATER_TURN = 3;

function toRecord(item: Item, { brandId }: BrandTrace): BrandRecord {
  const kind = kindOf(item);
  // An entry that names the brand shows whose the others of its target are.
  const turn = kind === 'audit' && shownBy(item, brandId) ? LATER_TURN : TURNS[kind];
  return {
    kind,
    name: JSON.stringify([item.pk, item.sk]),
    turn: turn ?? USUAL_TURN,
    lines: () => linesOf(kind, item),
    paths: kind === 'media' ? pathsOf(item.doc as Media) : [],
  };
}

function keyOf({ name }: BrandRecord): Key {
  const [pk = '', sk = ''] = JSON.parse(name) as string[];
  return { pk, sk };
}

function kindOf({ pk, sk }: Item): string {
  const kind = partsOf(pk)?.kind ?? '';
  const within = (kinds: Readonly<Record<string, string>>, other: string): string =>
    Object.entries(kinds).find(([prefix]) => sk.startsWith(prefix))?.[1] ?? other;
  switch (kind) {
    case 'BRAND': {
      const { channel, report, media, unsubscribed } = PREFIX;
      const names = { [channel]: 'channelName', [report]: 'reportName', [media]: 'media' };
      return within({ ...names, [unsubscribed]: 'unsubscribed' }, 'other');
    }
    case 'CHANNEL':
      return within({ SESSION: 'session', TURN: 'turn', [PREFIX.followers]: 'followers' }, 'channel');
    case 'POST': {
      const parts = { 'REV#': 'content', SNAPSHOTS: 'metrics', [PREFIX.pointer]: 'pointer' };
      return within({ ...parts, [PREFIX.attempt]: 'attempt' }, 'post');
    }
    default:
      return KINDS[kind] ?? 'other';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  BRANDS: 'brand',
  ACCOUNT: 'account',
  LOGIN: 'login',
  EXTERNAL: 'externalId',
  HOLD: 'hold',
  HOLDS: 'activeHold',
  REPORT: 'report',
  MAIL: 'mail',
  ALERTS: 'alert',
  AUDIT: 'audit',
  SNAPSHOTS: 'metrics',
};

function pathsOf(media: Media): string[] {
  const uploaded = media.expected ? [mediaPath(media, 'original', media.expected.type)] : [];
  return [...new Set([...uploaded, ...media.files.map(({ path }) => path)])];
}

/** An account may stand in other brands, too: then only this brand's channels leave it. */
async function leaveAccount(table: Table, key: Key, brandId: string): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    const item = await table.get(key);
    if (!item) return;
    const ours = standingOf(item, brandId);
    const others = Object.keys(item).filter((name) => !['pk', 'sk', 'v', ...ours].includes(name));
    const unchanged: Condition = { path: ['v'], is: 'equal', value: Number(item.v) };
    if (others.length === 0 && (await table.delete(key, [unchanged]))) return;
    const change = { remove: ours.map((channelId) => [channelId] as const), add: { v: 1 } };
    if (others.length > 0 && (await table.update(key, change, [unchanged]))) return;
  }
  throw new Error('The account is being claimed too often at once.');
}
