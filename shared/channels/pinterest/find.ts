import * as z from 'zod';
import { MINUTE } from '../../domain/time.ts';
import { ok, reasonOf } from '../outcome.ts';
import type { Context, FindRequest, Found } from '../provider.ts';
import { readSince } from '../read-since.ts';
import { call, type PinterestCredential } from './api.ts';
import { boardOf, optionsOf, pinUrl } from './pin.ts';

/** Looks for the delivery's pin among the newest of its board. */
export async function findPin(
  api: string,
  request: FindRequest<PinterestCredential>,
  context: Context,
): Promise<Found> {
  const options = optionsOf(request.variant);
  const board = options && boardOf(options, request.channel.facts);
  if (options === undefined || board === undefined) {
    return { kind: 'cannotTell', reason: 'the board is not known any more' };
  }
  const section = options.boardSection === undefined ? '' : `/sections/${options.boardSection}`;
  const read = async (bookmark: string | undefined) => {
    const query = { page_size: PAGE, ...(bookmark === undefined ? {} : { bookmark }) };
    const path = `/boards/${board}${section}/pins`;
    const answer = await context.http(call(api, request.credential, 'GET', path, { query }));
    const page = ok(answer, pageSchema);
    if (page !== undefined) return { entries: page.items, next: page.bookmark || undefined };
    const reason = answer.kind === 'answered' ? reasonOf(answer) : answer.reason;
    return { kind: 'cannotTell' as const, reason };
  };
  // A board stands as its owner arranges it, and no page of Pinterest's promises an order.
  const from = request.since - CLOCK_TOLERANCE_MS;
  const listed = await readSince(read, ({ created_at }) => instantOf(created_at), from);
  return 'kind' in listed ? listed : findAmong(listed, request);
}

const PAGE = '50';
/** How far Pinterest's clock may be behind ours. */
const CLOCK_TOLERANCE_MS = MINUTE;

const pinEntity = z.object({
  id: z.string(),
  created_at: z.string().nullish(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  link: z.string().nullish(),
});
type PinEntity = z.infer<typeof pinEntity>;
const pageSchema = z.object({ items: z.array(pinEntity), bookmark: z.string().nullish() });

/** The delivery among a board's new pins, the oldest of several. One that is alike in part leaves it open: Pinterest may change texts. */
function findAmong(
  { entries, whole }: { entries: readonly PinEntity[]; whole: boolean },
  { variant, since, excluding }: Pick<FindRequest<PinterestCredential>, 'variant' | 'since' | 'excluding'>,
): Found {
  const own = {
    title: plain(optionsOf(variant)?.title),
    description: plain(variant.text),
    link: plain(variant.link),
  };
  const candidates = entries
    .filter(({ created_at }) => instantOf(created_at) >= since - CLOCK_TOLERANCE_MS)
    .filter(({ id }) => !excluding.has(id))
    .toSorted((a, b) => instantOf(b.created_at) - instantOf(a.created_at))
    .map(({ id, title, description, link }) => {
      const theirs = { title: plain(title), description: plain(description), link: plain(link) };
      const same = (['title', 'description', 'link'] as const).filter((key) => theirs[key] === own[key]);
      return { id, whole: same.length === 3, part: same.some((key) => own[key] !== '') };
    });
  const match = candidates.findLast((candidate) => candidate.whole);
  if (match !== undefined) return { kind: 'found', externalId: match.id, url: pinUrl(match.id) };
  if (candidates.some(({ part }) => part)) {
    return { kind: 'cannotTell', reason: 'a new pin of the board is alike, but not the same' };
  }
  return whole ? { kind: 'absent' } : { kind: 'cannotTell', reason: 'too many pins stand before it' };
}

const plain = (text: string | null | undefined): string =>
  (text ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();

/** Times come without a zone, too, and are UTC then. A pin without a time may be new. */
function instantOf(time: string | null | undefined): number {
  if (!time) return Number.POSITIVE_INFINITY;
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`);
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}
