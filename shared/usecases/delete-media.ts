import type { Actor } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import type { Content } from '../domain/content.ts';
import { parseDeliveryId } from '../domain/ids.ts';
import { type Media, mediaPath } from '../domain/media.ts';
import type { Deps } from '../ports.ts';
import { openDeliveries } from './open-deliveries.ts';

/**
 * Deletes the file and all that was made of it; what is published stays on its networks.
 * @throws conflict with `deliveries` while some of posts that show it are open
 */
export async function deleteMedia(
  deps: Deps,
  { media, actor }: { media: Media; actor: Actor },
): Promise<void> {
  const { agencyId, brandId, id } = media;
  const open = await openWith(deps, media);
  if (open.length > 0) {
    throw new AppError('conflict', 'Posts that are still to go out show this file.', {
      data: { deliveries: open },
    });
  }
  const uploaded = media.expected ? [mediaPath(media, 'original', media.expected.type)] : [];
  const paths = [...uploaded, ...media.files.map(({ path }) => path)];
  const type = media.files[0]?.type ?? media.expected?.type;
  // First of all no post may take it any more; the entry goes last, so that a repeat after a crash finds the rest.
  if (media.state === 'ready' && media.files[0]) {
    const { type, bytes } = media.files[0];
    await deps.media.replace({ ...media, state: 'waiting', expected: { type, bytes } });
  }
  for (const path of paths) await deps.bucket.delete(path);
  await deps.audit.append(agencyId, {
    at: deps.clock.now(),
    actor,
    act: 'media.delete',
    target: id,
    data: { brandId, fileName: media.fileName, type },
  });
  await deps.media.delete(media);
}

/** Open deliveries of posts whose content names it; one read for each open post of the brand. */
async function openWith(deps: Deps, { agencyId, brandId, id }: Media): Promise<readonly string[]> {
  const open = await openDeliveries(deps, { agencyId, brandId });
  const postIds = new Set(open.map((deliveryId) => parseDeliveryId(deliveryId)?.postId ?? ''));
  const showing = new Set<string>();
  for (const postId of postIds) {
    const post = await deps.posts.get(agencyId, postId);
    if (post === undefined) continue;
    const content = await deps.posts.content(agencyId, postId, post.revision, post.contentHash);
    if (content && names(content, id)) showing.add(postId);
  }
  return open.filter((deliveryId) => showing.has(parseDeliveryId(deliveryId)?.postId ?? ''));
}

function names({ base, variants }: Content, mediaId: string): boolean {
  const said = [base, ...Object.values(variants)].flatMap(({ media }) => media ?? []);
  return said.some((one) => one.mediaId === mediaId);
}
