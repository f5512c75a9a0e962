import type { Delivery } from './delivery.ts';
import { AGES, type Age } from './metrics.ts';
import type { Post } from './post.ts';
import { type Instant, MINUTE } from './time.ts';

export type Publication = Delivery & { readonly externalId: string; readonly publishedAt: Instant };

/** What of a post is out and can be asked about. */
export const publicationsOf = (post: Post): Publication[] =>
  post.deliveries.flatMap(({ externalId, publishedAt, ...rest }) =>
    rest.state !== 'published' || externalId === undefined || publishedAt === undefined
      ? []
      : [{ ...rest, externalId, publishedAt }],
  );

/** The fixed age that a measurement counts as now; at most one, because their times do not meet. */
export const openAge = ({ publishedAt }: Publication, now: Instant): Age | undefined =>
  AGES.find(({ afterMs, untilMs }) => afterMs <= now - publishedAt && now - publishedAt < untilMs)?.age;

/** When sweeps store what they measure of a publication, at some ages or all: `from <= at < to`. */
export const sweptWithin = (
  publishedAt: Instant,
  ages: readonly Age[] = AGES.map(({ age }) => age),
): { from: Instant; to: Instant }[] =>
  AGES.filter(({ age }) => ages.includes(age)).map(({ afterMs, untilMs }) => ({
    from: publishedAt + afterMs,
    to: publishedAt + untilMs + WRITTEN_WITHIN,
  }));

/** From a network's answer until it is stored: as long as the function may run. */
const WRITTEN_WITHIN = 15 * MINUTE;
