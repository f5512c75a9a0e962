import * as z from 'zod';
import { type Instant, MINUTE } from '../../domain/time.ts';
import { reasonOf } from '../outcome.ts';
import type { Context } from '../provider.ts';
import { call, successJson, type XAccess } from './api.ts';
import { urlsIn } from './text.ts';

const entities = z.object({
  urls: z.array(z.object({ url: z.string(), expanded_url: z.string().nullish() })).nullish(),
});
const note = z.object({ text: z.string(), entities: entities.optional() });

/** A post as the timeline gives it, as far as it is read: `Post` of X's API description. */
const postEntity = z.object({
  id: z.string(),
  text: z.string(),
  created_at: z.string(),
  conversation_id: z.string().optional(),
  attachments: z.object({ media_keys: z.array(z.string()).nullish() }).optional(),
  entities: entities.optional(),
  /** The whole of a long text, of which `text` is the beginning. */
  note_post: note.optional(),
  note_tweet: note.optional(),
});
export type PostEntity = z.infer<typeof postEntity>;

const timeline = z.object({
  data: z.array(postEntity).default([]),
  meta: z.object({ next_token: z.string().optional() }).optional(),
});

export type Wanted = {
  readonly userId: string;
  readonly text: string;
  /** How many files it has. */
  readonly media: number;
  /** The post that it answers to, at the head of the thread; absent for a post of its own. */
  readonly root?: string;
  readonly since: Instant;
  readonly excluding: ReadonlySet<string>;
};

export type Seen = { kind: 'seen'; id: string } | { kind: 'absent' } | { kind: 'cannotTell'; reason: string };

/** How far X's clock may be behind ours. */
const CLOCK_TOLERANCE = MINUTE;
const PAGE = 100;

/** Looks through the account's own posts since a time. Every post that X shows costs: never looks further back. */
export async function lookFor(access: XAccess, wanted: Wanted, context: Context): Promise<Seen> {
  const from = wanted.since - CLOCK_TOLERANCE;
  const query = new URLSearchParams({
    max_results: String(PAGE),
    start_time: `${new Date(from).toISOString().slice(0, 19)}Z`,
    exclude: 'retweets',
    'post.fields': 'attachments,conversation_id,created_at,entities,note_post,text',
  });
  const path = `/2/users/${encodeURIComponent(wanted.userId)}/tweets?${query}`;
  const answer = await context.http(call(access, 'GET', path));
  const told = timeline.safeParse(successJson(answer)).data;
  if (told === undefined) {
    return { kind: 'cannotTell', reason: answer.kind === 'answered' ? reasonOf(answer) : answer.reason };
  }
  const match = matchAmong(told.data, { ...wanted, since: from });
  if (match !== undefined) return { kind: 'seen', id: match.id };
  if (told.meta?.next_token === undefined) return { kind: 'absent' };
  return { kind: 'cannotTell', reason: `${PAGE} newer posts stand before it` };
}

/** The oldest that fits, of posts that stand newest first. */
export function matchAmong(posts: readonly PostEntity[], wanted: Wanted): PostEntity | undefined {
  const text = plainText(wanted.text);
  return posts.findLast(
    (post) =>
      Date.parse(post.created_at) >= wanted.since &&
      (post.conversation_id ?? post.id) === (wanted.root ?? post.id) &&
      post.id !== wanted.root &&
      (post.attachments?.media_keys?.length ?? 0) === wanted.media &&
      plainPost(post) === text &&
      !wanted.excluding.has(post.id),
  );
}

/** Our own text in a form that can be compared: URLs without protocol and last slash, and no white space at all. */
function plainText(text: string): string {
  let plain = '';
  let at = 0;
  for (const { start, end, url } of urlsIn(text)) {
    plain += text.slice(at, start) + plainUrl(url);
    at = end;
  }
  return tidy(plain + text.slice(at));
}

/** The same of X's text: its short links made long again, but for those to the post's own media. */
function plainPost({ text, entities: told, note_post, note_tweet }: PostEntity): string {
  const long = note_post ?? note_tweet;
  let plain = long?.text ?? text;
  for (const { url, expanded_url } of (long === undefined ? told : long.entities)?.urls ?? []) {
    const shown = expanded_url ?? url;
    plain = plain.replaceAll(url, () => (OWN_MEDIA.test(shown) ? '' : plainUrl(shown)));
  }
  return tidy(plain.replace(/&(amp|lt|gt);/g, (_, name: string) => ENTITIES[name] ?? ''));
}

const OWN_MEDIA = /^https?:\/\/(x|twitter)\.com\/[^/]+\/status\/\d+\/(photo|video)\/\d+$/;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };

function plainUrl(url: string): string {
  const whole = /^https?:\/\//i.test(url) ? url : `http://${url}`;
  if (!URL.canParse(whole)) return url;
  const { host, pathname, search, hash } = new URL(whole);
  return `${host}${pathname.replace(/\/$/, '')}${search}${hash}`;
}

const tidy = (text: string): string => text.normalize('NFC').replace(/https?:\/\/|\s+/g, '');
