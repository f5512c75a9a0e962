import * as z from 'zod';
import { tokensToCredential } from '../oauth.ts';
import { unverified } from '../outcome.ts';
import type { Context, HttpAnswer, Login, Renewal, Verified } from '../provider.ts';
import { renewalByRefreshToken } from '../token-renewal.ts';
import { call, dataOf, type TiktokCredential, toRefusal } from './api.ts';
import { PRIVACY_LEVELS } from './post.ts';

const creator = z.object({
  creator_username: z.string().min(1),
  privacy_level_options: z.array(z.string()).default([]),
  comment_disabled: z.boolean().default(false),
  duet_disabled: z.boolean().default(false),
  stitch_disabled: z.boolean().default(false),
  max_video_post_duration_sec: z.int().positive().optional(),
});
export type Creator = z.infer<typeof creator>;

export const profileUrl = (username: string): string => `https://www.tiktok.com/@${username}`;

/**
 * What the account may post just now: https://developers.tiktok.com/doc/content-posting-api-reference-query-creator-info.
 * TikTok wants it to be asked right before every post.
 */
export async function askCreator(
  api: string,
  credential: TiktokCredential,
  context: Context,
): Promise<Creator | HttpAnswer> {
  const answer = await context.http(call(api, credential, '/v2/post/publish/creator_info/query/', {}));
  return dataOf(answer, creator) ?? answer;
}

export const isCreator = (told: Creator | HttpAnswer): told is Creator => 'creator_username' in told;

const me = z.object({ user: z.object({ open_id: z.string().min(1) }) });

/** Whose the token is, and what it may post. */
export async function verifyTiktok(
  api: string,
  credential: TiktokCredential,
  context: Context,
): Promise<Verified> {
  const answer = await context.http(call(api, credential, '/v2/user/info/?fields=open_id,display_name'));
  const user = dataOf(answer, me)?.user;
  if (user === undefined) return unverified(toRefusal(answer, context.now()));
  const told = await askCreator(api, credential, context);
  if (!isCreator(told)) return unverified(toRefusal(told, context.now()));
  const privacies = Object.entries(PRIVACY_LEVELS).flatMap(([name, level]) =>
    told.privacy_level_options.includes(level) ? [name] : [],
  );
  const seconds = told.max_video_post_duration_sec;
  return {
    kind: 'verified',
    account: {
      id: user.open_id,
      handle: told.creator_username,
      url: profileUrl(told.creator_username),
    },
    facts: {
      privacies: privacies.join(','),
      ...(seconds === undefined ? {} : { maxVideoSeconds: seconds }),
    },
  };
}

/**
 * https://developers.tiktok.com/doc/login-kit-web and …/oauth-user-access-token-management. Without PKCE: TikTok's own
 * kind of it, for apps on a device, writes the challenge in hexadecimal, which RFC 7636 does not.
 */
export const tiktokLogin = (api: string): Login<TiktokCredential> => ({
  authorizeUrl: 'https://www.tiktok.com/v2/auth/authorize/',
  ...endpoint(api),
  scopes: ['user.info.basic', 'user.info.stats', 'video.publish', 'video.list'],
  scopeSeparator: ',',
  pkce: false,
  async choices({ tokens }, context) {
    const credential = tokensToCredential(tokens);
    const verified = await verifyTiktok(api, credential, context);
    if (verified.kind === 'verified') {
      return { kind: 'choices', choices: [{ account: verified.account, credential }] };
    }
    const kind = verified.kind === 'refused' ? 'unauthorized' : 'unavailable';
    return { kind, reason: verified.reason };
  },
});

const endpoint = (api: string) => ({ tokenUrl: `${api}/v2/oauth/token/`, clientIdName: 'client_key' });

/** An access token lives for a day, a refresh token for a year; a new one may come with each renewal. */
export const tiktokRenewal = (api: string): Renewal<TiktokCredential> =>
  renewalByRefreshToken('TikTok', endpoint(api));
