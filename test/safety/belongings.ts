import { derivedId, type IdPrefix } from '../../shared/domain/ids.ts';

/** Everything by which a request can name something that belongs to somebody. */
export const KINDS = [
  'brandId',
  'channelId',
  'postId',
  'deliveryId',
  'holdId',
  'reportId',
  'keyId',
  'mediaId',
  'loginId',
  'network',
  'cursor',
  'idempotencyKey',
  'host',
  'label',
  'campaign',
  'choice',
  'token',
  'state',
] as const;
export type Kind = (typeof KINDS)[number];
export type Belongings = Readonly<Record<Kind, readonly string[]>>;

export const nothing = (): Record<Kind, string[]> =>
  Object.fromEntries(KINDS.map((kind) => [kind, []])) as unknown as Record<Kind, string[]>;

export function together(all: readonly Belongings[]): Belongings {
  return Object.fromEntries(
    KINDS.map((kind) => [kind, all.flatMap((one) => one[kind])]),
  ) as unknown as Belongings;
}

/** The mark that every text of somebody else's carries; whatever is behind it is different for each text. */
export const CANARY = /canary-[a-z]+-\d+/g;
export const ANY_ID = /\b(?:agy|brd|chn|post|hld|rep|key|evt|mail|med|lgn)_[0-9a-hjkmnp-tv-z]{20}\b/g;
const DELIVERY_ID = /^dlv_([0-9a-hjkmnp-tv-z]{20})(_\d\d)$/;

/** What is formed like `value`, as long, stands at the same place in every order, and is nobody's. */
export function nobodys(kind: Kind, value: string): string {
  switch (kind) {
    case 'cursor':
      return encoded(value, (plain) => plain.replace(ANY_ID, nextDoor));
    case 'token':
      return encoded(value, (plain) => plain.replace(ANY_ID, strange));
    case 'network':
      return 'thirdnet';
    case 'deliveryId':
      return value.replace(
        DELIVERY_ID,
        (_, body: string, n: string) => `dlv_${strange(`post_${body}`).slice(5)}${n}`,
      );
    default:
      return value.replace(ANY_ID, strange).replaceAll('canary', 'nobody');
  }
}

const strange = (id: string): string => derivedId(id.split('_')[0] as IdPrefix, 'nobody', id);

/** The same id but for its last character. */
const nextDoor = (id: string): string => id.slice(0, -1) + (id.endsWith('7') ? '8' : '7');

function encoded(value: string, change: (plain: string) => string): string {
  return Buffer.from(change(Buffer.from(value, 'base64url').toString('utf8'))).toString('base64url');
}
