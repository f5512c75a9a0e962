import type { Delivery } from '../domain/delivery.ts';
import type { Post } from '../domain/post.ts';
import type { Deps } from '../ports.ts';

/**
 * Brings the question to the function that mails. A delivery that is tried again keeps its round until somebody has
 * been asked, so the mails of one round are the same mail, whatever crashes; asked anew, it is another round.
 */
export async function askPerson(
  deps: Pick<Deps, 'reportQueue'>,
  post: Pick<Post, 'id' | 'agencyId' | 'brandId'>,
  { n, askedAt }: Pick<Delivery, 'n' | 'askedAt'>,
  what: 'first' | 'reminder',
): Promise<void> {
  const { agencyId, brandId, id: postId } = post;
  const round = askedAt === undefined ? '' : String(askedAt);
  await deps.reportQueue.send(
    { kind: 'ask', agencyId, brandId, postId, n, round, reminder: what === 'reminder' },
    { group: agencyId },
  );
}
