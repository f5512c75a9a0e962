import * as z from 'zod';
import { partsOf } from '../../domain/content.ts';
import { type Graph, graphGet, graphOk } from '../graph.ts';
import { readHandle } from '../handle.ts';
import type { Context, HttpAnswer, PublishRequest } from '../provider.ts';

/** One delivery on its way. */
export type ThreadsWork = {
  readonly graph: Graph;
  readonly request: PublishRequest<unknown>;
  readonly context: Context;
};

/**
 * Where a delivery stands: what is out, and what is being made of what comes next. Short, since it is kept with the
 * post: ids are numbers, so commas can part them.
 */
export type ThreadsState = {
  /** The post itself, once it is out. */
  readonly root?: string;
  /** What follows it and is out. */
  readonly parts: readonly string[];
  /** The parts of a carousel that is to be made. */
  readonly children?: readonly string[];
  /** What is to be published next. It dies after 24 hours. */
  readonly container?: string;
  /** Since when Threads has been at it. */
  readonly at?: number;
  /** How often it was made anew, after Threads had lost it. */
  readonly anew?: number;
};

const ids = z.string().regex(/^\d+(,\d+)*$/);
const stored = z.strictObject({
  root: ids.optional(),
  parts: ids.optional(),
  children: ids.optional(),
  container: ids.optional(),
  at: z.int().optional(),
  anew: z.int().optional(),
});

export function stateOf({ delivery }: Pick<PublishRequest<unknown>, 'delivery'>): ThreadsState {
  const { root, parts, children, container, at, anew } = readHandle(stored, delivery.handle) ?? {};
  return {
    parts: parts?.split(',') ?? [],
    ...(root === undefined ? {} : { root }),
    ...(children === undefined ? {} : { children: children.split(',') }),
    ...(container === undefined ? {} : { container }),
    ...(at === undefined ? {} : { at }),
    ...(anew === undefined ? {} : { anew }),
  };
}

export const toHandle = ({ parts, children, ...rest }: ThreadsState): string =>
  JSON.stringify({
    ...rest,
    ...(parts.length === 0 ? {} : { parts: parts.join(',') }),
    ...(children === undefined ? {} : { children: children.join(',') }),
  });

/** What is out when the next one is, too. */
export const withNext = ({ root, parts }: ThreadsState, id: string): ThreadsState & { root: string } =>
  root === undefined ? { root: id, parts } : { root, parts: [...parts, id] };

/** The part that comes next; undefined while it is the post itself, or when nothing is left. */
export function nextPart(
  { request: { variant } }: Pick<ThreadsWork, 'request'>,
  { root, parts }: ThreadsState,
): { text: string; replyTo: string; name: string } | undefined {
  const text = partsOf(variant)[parts.length];
  if (root === undefined || text === undefined) return undefined;
  const isComment = parts.length === (variant.thread?.length ?? 0);
  return isComment
    ? { text, replyTo: root, name: 'the first comment' }
    : { text, replyTo: parts.at(-1) ?? root, name: `post ${parts.length + 2} of the thread` };
}

export type Container = {
  readonly state: 'IN_PROGRESS' | 'FINISHED' | 'PUBLISHED' | 'ERROR' | 'EXPIRED';
  readonly why: string;
};
const container = z
  .object({
    status: z.enum(['IN_PROGRESS', 'FINISHED', 'PUBLISHED', 'ERROR', 'EXPIRED']),
    error_message: z.string().nullish(),
  })
  .transform(({ status, error_message }): Container => ({ state: status, why: error_message ?? '' }));

/** How far a container is; the answer itself when it cannot be told. https://developers.facebook.com/docs/threads/troubleshooting */
export async function readContainer(
  graph: Graph,
  id: string,
  context: Pick<Context, 'http'>,
): Promise<Container | { state: 'untold'; answer: HttpAnswer }> {
  const answer = await context.http(graphGet(graph, id, { fields: 'id,status,error_message' }));
  return graphOk(answer, container) ?? { state: 'untold', answer };
}
