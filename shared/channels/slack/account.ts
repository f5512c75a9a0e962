import * as z from 'zod';
import type { Account } from '../../domain/channel.ts';
import { tokensToCredential } from '../oauth.ts';
import { unverified } from '../outcome.ts';
import type { Choice, Context, HttpAnswer, Login, MeasureFailure, Renewal, Verified } from '../provider.ts';
import { renewalByRefreshToken } from '../token-renewal.ts';
import { errorIn, ok, read, type SlackAccess, type SlackCredential, toFailure, toRefusal } from './api.ts';

/**
 * https://docs.slack.dev/authentication/installing-with-oauth. One token is for the whole workspace. Where the app has
 * token rotation a refresh token is good once, and two channels must not share a login: each is connected by its own.
 */
export const slackLogin = (api: string): Login<SlackCredential> => ({
  authorizeUrl: 'https://slack.com/oauth/v2/authorize',
  tokenUrl: `${api}/oauth.v2.access`,
  scopes: [
    'chat:write',
    'chat:write.public',
    'chat:write.customize',
    'channels:read',
    'groups:read',
    'channels:history',
    'groups:history',
    'files:read',
    'files:write',
    'reactions:read',
  ],
  scopeSeparator: ',',
  pkce: false,
  async choices({ tokens }, context) {
    const held = tokensToCredential(tokens);
    const access = { api, credential: held };
    const team = await readTeam(access, context);
    if ('answer' in team) return toFailure(team.answer, context.now());
    const channels = await listChannels(access, context);
    if ('kind' in channels) return channels;
    const choices = channels.map(
      (channel): Choice<SlackCredential> => ({
        account: accountOf(team, channel),
        credential: { ...held, channelId: channel.id },
      }),
    );
    return { kind: 'choices', choices };
  },
});

/** https://docs.slack.dev/authentication/using-token-rotation: twelve hours, and a new refresh token each time. */
export const slackRenewal = (api: string): Renewal<SlackCredential> =>
  renewalByRefreshToken('Slack', slackLogin(api));

const teamEntity = z.object({ url: z.url({ protocol: /^https?$/ }), team_id: z.string().min(1) });
type Team = z.infer<typeof teamEntity> & { readonly scopes: readonly string[] | undefined };

async function readTeam(access: SlackAccess, context: Context): Promise<Team | { answer: HttpAnswer }> {
  const answer = await context.http(read(access, 'auth.test'));
  const team = ok(answer, teamEntity);
  if (team === undefined) return { answer };
  // Every answer names what the token may; where one does not, it is tried.
  const scopes = answer.kind === 'answered' ? answer.headers['x-oauth-scopes'] : undefined;
  return { ...team, scopes: scopes?.split(',').map((scope) => scope.trim()) };
}

const channelEntity = z.object({
  id: z.string().min(1),
  name: z.string().optional(),
  is_archived: z.boolean().optional(),
});
type Channel = z.infer<typeof channelEntity>;

const accountOf = ({ url, team_id }: Team, { id, name }: Channel): Account => ({
  id: `${team_id}/${id}`,
  handle: name === undefined ? id : `#${name}`,
  url: `${new URL(url).origin}/archives/${id}`,
});

const channelPage = z.object({
  channels: z.array(channelEntity),
  response_metadata: z.object({ next_cursor: z.string().optional() }).nullish(),
});
const MOST_PAGES = 10;

/** Public channels, and private ones that the app is in. https://docs.slack.dev/reference/methods/conversations.list/ */
async function listChannels(access: SlackAccess, context: Context): Promise<Channel[] | MeasureFailure> {
  const channels: Channel[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const answer = await context.http(
      read(access, 'conversations.list', {
        types: 'public_channel,private_channel',
        exclude_archived: 'true',
        limit: '200',
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    const told = ok(answer, channelPage);
    if (told === undefined) return toFailure(answer, context.now());
    channels.push(...told.channels);
    cursor = told.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) break;
  }
  return channels;
}

/** Which workspace and channel it is, and what the token may: read what stands there, handle files. */
export async function verifySlack(
  api: string,
  credential: SlackCredential,
  context: Context,
): Promise<Verified> {
  const access = { api, credential };
  const team = await readTeam(access, context);
  if ('answer' in team) return unverified(toRefusal(team.answer, context.now()));
  const { channelId } = credential;
  const asked = await context.http(read(access, 'conversations.info', { channel: channelId }));
  const known = ok(asked, z.object({ channel: channelEntity }))?.channel;
  // A token that only posts may not ask for the channel's name.
  if (known === undefined && errorIn(asked) !== 'missing_scope')
    return unverified(toRefusal(asked, context.now()));
  if (known?.is_archived) return { kind: 'refused', reason: 'the channel is archived' };
  const history = await context.http(
    read(access, 'conversations.history', { channel: channelId, limit: '1' }),
  );
  const mayRead = ok(history, z.object({ messages: z.array(z.unknown()) })) !== undefined;
  // Only Slack's no is one: a fault would leave the channel without looks until it is connected again.
  const no = unverified(toRefusal(history, context.now()));
  if (!mayRead && no.kind !== 'refused') return no;
  const files = ['files:read', 'files:write'].every((scope) => team.scopes?.includes(scope) ?? true);
  return {
    kind: 'verified',
    account: accountOf(team, known ?? { id: channelId }),
    facts: { history: mayRead, files },
  };
}
