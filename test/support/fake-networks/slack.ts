import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../builders.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';
import { type FakeFile, slackFiles } from './slack-files.ts';

export const ACCESS_TOKEN = 'xoxb-qwertz-0123456789';
export const REFRESH_TOKEN = 'xoxe-1-qwertz-0123456789';
export const APP = { clientId: '3336676.569200954261', clientSecret: 'slack-secret-0123456789' };
export const CHANNEL = 'C024BE91L';
export const TEAM = { team_id: 'T024BE7LD', url: 'https://bakery.slack.com/' };
const ALL_SCOPES = [
  'chat:write',
  'chat:write.customize',
  'channels:read',
  'channels:history',
  'files:read',
  'files:write',
  'reactions:read',
];

export type FakeMessage = {
  readonly ts: string;
  readonly threadTs: string | undefined;
  readonly text: string;
  readonly metadata: unknown;
  readonly body: Readonly<Record<string, unknown>>;
  readonly fileIds: readonly string[];
  /** Addresses whose previews stand below it: attachments, as Slack has them. */
  readonly previews: readonly string[];
};

export type FakeSlack = FakeNetwork & {
  readonly messages: ReadonlyMap<string, FakeMessage>;
  readonly files: ReadonlyMap<string, FakeFile>;
  /** A message that somebody else wrote. */
  readonly write: (text: string) => string;
};

export type FakeSlackOptions = {
  readonly now?: () => number;
  readonly scopes?: readonly string[];
  /** How often one must ask before a file's message is told. */
  readonly processing?: number;
  readonly isMember?: boolean;
  readonly isArchived?: boolean;
  readonly pageSize?: number;
};

/** The Web API with one app in one channel, as https://docs.slack.dev/reference/methods describes it. */
export async function fakeSlack({
  now = () => DUE_AT + MINUTE,
  scopes = ALL_SCOPES,
  processing = 0,
  isMember = true,
  isArchived = false,
  pageSize = 100,
}: FakeSlackOptions = {}): Promise<FakeSlack> {
  const messages = new Map<string, FakeMessage>();
  let count = 0;
  let access = ACCESS_TOKEN;
  let refresh = REFRESH_TOKEN;

  const add = (body: FakeMessage['body'], text: string, fileIds: readonly string[] = []): string => {
    count += 1;
    const ts = `${Math.floor(now() / 1_000)}.${String(count).padStart(6, '0')}`;
    const threadTs = body.thread_ts === undefined ? undefined : String(body.thread_ts);
    const previews = body.unfurl_links === true ? (text.match(/https?:\S+/g) ?? []) : [];
    messages.set(ts, { ts, threadTs, text, metadata: body.metadata, body, fileIds, previews });
    return ts;
  };
  const store = slackFiles({ channel: CHANNEL, processing, show: (body, text, ids) => add(body, text, ids) });

  const post = (body: FakeMessage['body']): Reply => {
    if (body.channel !== CHANNEL) return no('channel_not_found');
    if (isArchived) return no('is_archived');
    const text = String(body.text ?? '');
    const problem = textProblem(text, 40_000);
    if (problem) return problem;
    if (body.thread_ts !== undefined && !messages.has(String(body.thread_ts))) return no('thread_not_found');
    if (body.username !== undefined && !scopes.includes('chat:write.customize')) return no('missing_scope');
    const ts = add(body, text);
    return yes({ channel: CHANNEL, ts, message: { text, ts, type: 'message', bot_id: 'B1' } });
  };

  const update = (body: FakeMessage['body']): Reply => {
    if (body.channel !== CHANNEL) return no('channel_not_found');
    if (isArchived) return no('is_inactive');
    const message = messages.get(String(body.ts));
    if (message === undefined) return no('message_not_found');
    // Only what the app wrote itself.
    if (message.body.channel === undefined && message.body.channel_id === undefined) {
      return no('cant_update_message');
    }
    const text = String(body.text ?? '');
    const problem = textProblem(text, 4_000);
    if (problem) return problem;
    const { ts, parse, metadata = message.metadata, file_ids: fileIds = message.fileIds } = body;
    if (parse !== undefined && parse !== 'none' && parse !== 'full') return no('invalid_arguments');
    const previews = body.attachments === undefined ? message.previews : [];
    messages.set(message.ts, { ...message, text, metadata, fileIds: fileIds as string[], previews });
    return yes({ channel: CHANNEL, ts, text, message: { text, type: 'message', bot_id: 'B1' } });
  };

  const entity = ({ ts, threadTs, text, metadata }: FakeMessage, withMetadata: boolean) => {
    const replies = [...messages.values()].filter((one) => one.threadTs === ts).length;
    return {
      type: 'message',
      ts,
      text,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      ...(replies === 0 ? {} : { reply_count: replies, thread_ts: ts }),
      ...(withMetadata && metadata !== undefined ? { metadata } : {}),
      reactions: [
        { name: 'bread', count: 3, users: [] },
        { name: 'tada', count: 2, users: [] },
      ],
    };
  };

  /** Newest first, those of a thread oldest first; `ts` is the thread's root. */
  const list = (query: URLSearchParams, root: string | null): Reply => {
    if (query.get('channel') !== CHANNEL) return no('channel_not_found');
    if (!isMember) return no('not_in_channel');
    const [oldest, latest] = [Number(query.get('oldest') ?? 0), Number(query.get('latest') ?? Infinity)];
    const inclusive = query.get('inclusive') === 'true';
    const within = [...messages.values()].filter(({ ts, threadTs }) => {
      const at = Number(ts);
      const isThere = root === null ? threadTs === undefined : ts === root || threadTs === root;
      return isThere && (inclusive ? at >= oldest && at <= latest : at > oldest && at < latest);
    });
    if (root === null) within.reverse();
    const start = Number(query.get('cursor') ?? 0);
    const end = start + Math.min(pageSize, Number(query.get('limit') ?? 100));
    const more = end < within.length;
    return yes({
      messages: within
        .slice(start, end)
        .map((one) => entity(one, query.get('include_all_metadata') === 'true')),
      has_more: more,
      ...(more ? { response_metadata: { next_cursor: String(end) } } : {}),
    });
  };

  const token = (form: URLSearchParams): Reply => {
    if (form.get('client_id') !== APP.clientId || form.get('client_secret') !== APP.clientSecret) {
      return no('bad_client_secret');
    }
    if (form.get('refresh_token') !== refresh) return no('invalid_refresh_token');
    access = `${access}-next`;
    refresh = `${refresh}-next`;
    const rest = {
      token_type: 'bot',
      expires_in: 43_200,
      scope: scopes.join(','),
      team: { id: TEAM.team_id },
    };
    return yes({ access_token: access, refresh_token: refresh, ...rest });
  };

  const channel = { id: CHANNEL, name: 'news', is_channel: true, is_archived: isArchived };
  const methods: Readonly<Record<string, [scope: string, handle: (request: Received) => Reply]>> = {
    'auth.test': ['', () => yes({ ...TEAM, team: 'Bakery', user: 'sendeplan', user_id: 'U1', bot_id: 'B1' })],
    'chat.postMessage': ['chat:write', ({ json }) => post(json as FakeMessage['body'])],
    'chat.update': ['chat:write', ({ json }) => update(json as FakeMessage['body'])],
    'chat.delete': [
      'chat:write',
      ({ json }) =>
        messages.delete(String((json as { ts: string }).ts)) ? yes({}) : no('message_not_found'),
    ],
    'conversations.info': [
      'channels:read',
      ({ url: { searchParams } }) => {
        if (searchParams.get('channel') !== CHANNEL) return no('channel_not_found');
        const counted = searchParams.get('include_num_members') === 'true' ? { num_members: 84 } : {};
        return yes({ channel: { ...channel, ...counted } });
      },
    ],
    'conversations.list': [
      'channels:read',
      ({ url: { searchParams } }) =>
        searchParams.get('cursor') === null
          ? yes({ channels: [channel], response_metadata: { next_cursor: 'more=' } })
          : yes({
              channels: [{ ...channel, id: 'G0SECRET', name: 'inner' }],
              response_metadata: { next_cursor: '' },
            }),
    ],
    'conversations.history': ['channels:history', ({ url }) => list(url.searchParams, null)],
    'conversations.replies': [
      'channels:history',
      ({ url }) => list(url.searchParams, url.searchParams.get('ts')),
    ],
    'reactions.get': [
      'reactions:read',
      ({ url: { searchParams } }) => {
        const message = messages.get(searchParams.get('timestamp') ?? '');
        return message ? yes({ type: 'message', message: entity(message, false) }) : no('message_not_found');
      },
    ],
    'files.getUploadURLExternal': ['files:write', (request) => store.grant(server.url, request)],
    'files.completeUploadExternal': [
      'files:write',
      ({ json }) => (isArchived ? no('is_archived') : store.complete(json as FakeMessage['body'])),
    ],
    'files.info': ['files:read', ({ url }) => store.info(url.searchParams.get('file') ?? '')],
  };

  const server = await startServer((request): Reply => {
    const { pathname } = request.url;
    if (pathname.startsWith('/upload/')) return store.receive(request);
    const name = pathname.slice(pathname.lastIndexOf('/') + 1);
    if (name === 'oauth.v2.access') return token(new URLSearchParams(request.body));
    const method = methods[name];
    if (method === undefined) return no('unknown_method');
    if (request.headers.authorization !== `Bearer ${access}`) return no('invalid_auth');
    const [scope, handle] = method;
    if (scope !== '' && !scopes.includes(scope)) {
      return { status: 200, body: { ok: false, error: 'missing_scope', needed: scope, provided: '' } };
    }
    const reply = handle(request);
    return { ...reply, headers: { ...reply.headers, 'x-oauth-scopes': scopes.join(',') } };
  });
  const isRoot = ({ threadTs, metadata, fileIds }: FakeMessage): boolean =>
    threadTs === undefined && (metadata !== undefined || fileIds.length > 0);
  return {
    ...server,
    messages,
    files: store.files,
    write: (text) => add({}, text),
    isPublish: ({ url }) => /\/(chat\.postMessage|files\.completeUploadExternal)$/.test(url.pathname),
    published: () => [...messages.values()].filter(isRoot).map(({ ts }) => `${CHANNEL}/${ts}`),
    forget: (externalId) => void messages.delete(externalId.split('/')[1] ?? ''),
  };
}

const yes = (body: object): Reply => ({ status: 200, body: { ok: true, ...body } });
const no = (error: string): Reply => ({ status: 200, body: { ok: false, error } });

function textProblem(text: string, most: number): Reply | undefined {
  if (text.trim() === '') return no('no_text');
  if (text.length > most) return no('msg_too_long');
  // Anything in angle brackets would be one of Slack's own signs: nobody here means that.
  return /[<>]|&(?!amp;|lt;|gt;)/.test(text) ? no('invalid_arguments') : undefined;
}
