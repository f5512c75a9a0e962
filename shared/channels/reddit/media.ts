import * as z from 'zod';
import type { MediaFile } from '../../domain/media.ts';
import { multipart } from '../multipart.ts';
import { harmless, ok, reasonOf } from '../outcome.ts';
import type { Context, Outcome, PublishRequest } from '../provider.ts';
import { call, type RedditCredential, type RedditHosts } from './api.ts';
import { toRefusal } from './errors.ts';

/** An uploaded image that nobody sees yet: a gallery names its id, an image post its address. */
export type Asset = { readonly id: string; readonly url: string };

/**
 * Asks Reddit where to put an image, and puts it there. Harmless to repeat: what no post names is thrown away.
 * The endpoint is not in Reddit's own list; https://praw.readthedocs.io is the client by which it is known.
 */
export async function uploadImage(
  hosts: RedditHosts,
  { credential, delivery }: Pick<PublishRequest<RedditCredential>, 'credential' | 'delivery'>,
  file: MediaFile,
  context: Context,
): Promise<Asset | Outcome> {
  const fileName = `image.${file.type.split('/')[1]}`;
  const form = { filepath: fileName, mimetype: file.type };
  const answer = await context.http(call(hosts, credential, 'POST', '/api/media/asset.json', { form }));
  const lease = ok(answer, leaseSchema);
  if (lease === undefined) return harmless(toRefusal(answer, context.now()));
  const { args, asset } = lease;
  // Given without a scheme: `//reddit-uploaded-media.s3-accelerate.amazonaws.com`.
  const url = new URL(args.action, hosts.api).href;
  const upload = multipart(
    `${delivery.key} ${asset.asset_id}`,
    args.fields.map(({ name, value }) => [name, value] as const),
    [
      {
        field: 'file',
        fileName,
        type: file.type,
        bytes: file.bytes,
        chunks: () => context.media.read(file),
      },
    ],
  );
  const stored = await context.http({ method: 'POST', url, ...upload });
  if (stored.kind === 'answered' && stored.status >= 200 && stored.status < 300) {
    const key = args.fields.find(({ name }) => name === 'key')?.value ?? '';
    return { id: asset.asset_id, url: `${url.replace(/\/$/, '')}/${key}` };
  }
  const reason = stored.kind === 'answered' ? reasonOf(stored) : stored.reason;
  return { kind: 'unavailable', reason: `an image could not be uploaded: ${reason}`.slice(0, 200) };
}

const leaseSchema = z.object({
  args: z.object({
    action: z.string().min(1),
    fields: z.array(z.object({ name: z.string(), value: z.string() })),
  }),
  asset: z.object({ asset_id: z.string().min(1).max(50) }),
});
