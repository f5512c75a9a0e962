import * as z from 'zod';
import type { Account, ChannelFacts } from '../../domain/channel.ts';
import { tokensToCredential } from '../oauth.ts';
import { unverified } from '../outcome.ts';
import type { Context, HttpAnswer, Login, Renewal, Verified } from '../provider.ts';
import { renewalByRefreshToken } from '../token-renewal.ts';
import { call, reasonCode, successOf, toFailure, toRefusal, type YoutubeCredential } from './api.ts';

const channels = z.object({
  items: z
    .array(
      z.object({
        id: z.string().min(1),
        snippet: z.object({ title: z.string(), customUrl: z.string().min(1).optional() }),
        status: z.object({ longUploadsStatus: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});

/** Whose the token is; one login is one channel, which its owner picks on Google's page. */
export async function verifyYoutube(
  api: string,
  credential: YoutubeCredential,
  context: Context,
): Promise<Verified> {
  const answer = await askChannel(api, credential, context);
  const told = accountOf(answer);
  if (told !== undefined) return { kind: 'verified', ...told };
  if (answer.kind === 'answered' && answer.status === 200) return { kind: 'refused', reason: NO_CHANNEL };
  return unverified(toRefusal(answer, context.now()));
}

const NO_CHANNEL = 'this Google account has no YouTube channel';

const askChannel = (api: string, credential: YoutubeCredential, context: Context): Promise<HttpAnswer> =>
  context.http(call(api, credential, 'GET', 'channels', { part: 'snippet,status', mine: 'true' }));

function accountOf(answer: HttpAnswer): { account: Account; facts: ChannelFacts } | undefined {
  const channel = successOf(answer, channels)?.items[0];
  if (channel === undefined) return undefined;
  const { id, snippet, status } = channel;
  const longUploads = status?.longUploadsStatus;
  return {
    account: {
      id,
      handle: snippet.customUrl ?? snippet.title,
      url: `https://www.youtube.com/channel/${id}`,
    },
    // Channels that are not verified by phone: 15 minutes at most.
    facts:
      longUploads === undefined || longUploads === 'longUploadsUnspecified'
        ? {}
        : { longUploads: longUploads === 'allowed' },
  };
}

/**
 * https://developers.google.com/identity/protocols/oauth2/web-server. The one scope is enough for all that is asked:
 * uploads, playlists, removal and statistics take it, and comments take no other. Only with `offline` and `consent`
 * there is always a refresh token.
 */
export const youtubeLogin = (api: string, tokenUrl: string): Login<YoutubeCredential> => ({
  authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
  tokenUrl,
  scopes: ['https://www.googleapis.com/auth/youtube.force-ssl'],
  parameters: { access_type: 'offline', prompt: 'consent' },
  pkce: true,
  async choices({ tokens }, context) {
    const credential = tokensToCredential(tokens);
    const answer = await askChannel(api, credential, context);
    const told = accountOf(answer);
    if (told !== undefined) return { kind: 'choices', choices: [{ account: told.account, credential }] };
    const isEmpty = answer.kind === 'answered' && answer.status === 200;
    if (isEmpty || reasonCode(answer) === 'youtubeSignupRequired') return { kind: 'choices', choices: [] };
    return toFailure(answer, context.now());
  },
});

/** An access token lives for an hour; a refresh token until it is revoked, but 7 days in apps that Google calls "in testing". */
export const youtubeRenewal = (tokenUrl: string): Renewal<YoutubeCredential> =>
  renewalByRefreshToken('YouTube', { tokenUrl });
