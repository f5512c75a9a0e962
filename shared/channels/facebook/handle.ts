import * as z from 'zod';
import type { Graph } from '../graph.ts';
import { readHandle } from '../handle.ts';
import type { Context, PublishRequest } from '../provider.ts';

/** One delivery on its way: `upload` is where Reels' bytes are asked for. */
export type FacebookWork = {
  readonly graph: Graph;
  readonly upload: string;
  readonly request: PublishRequest<unknown>;
  readonly context: Context;
};

/** Where a delivery of several steps stands. `at`: since when. */
const facebookHandle = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('start') }),
  /** A Reel is uploaded, and goes out by the next request. */
  z.strictObject({ is: z.literal('reel'), video: z.string(), at: z.int() }),
  /** A video was told to go out and is being processed. */
  z.strictObject({ is: z.literal('video'), video: z.string(), at: z.int() }),
  /** The post is out; its first comment is to come, or is out too. */
  z.strictObject({ is: z.literal('out'), post: z.string(), url: z.string(), comment: z.string().optional() }),
]);
export type FacebookHandle = z.infer<typeof facebookHandle>;

export const handleOf = ({ delivery }: Pick<PublishRequest<unknown>, 'delivery'>): FacebookHandle =>
  readHandle(facebookHandle, delivery.handle) ?? { is: 'start' };

export const pending = (handle: FacebookHandle, checkAt: number) =>
  ({ kind: 'pending', handle: JSON.stringify(handle), checkAt }) as const;
