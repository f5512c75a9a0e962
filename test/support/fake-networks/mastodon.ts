import { HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../builders.ts';
import { fakeMedia, type MediaRules } from './mastodon-media.ts';
import { type FakePoll, type PostedPoll, shownPoll, toPoll } from './mastodon-poll.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const ACCESS_TOKEN = 'qwertz-masto-token-0123456789';
const ACCOUNT_ID = '109302';

export type FakeStatus = {
  readonly id: string;
  readonly text: string;
  readonly spoiler_text: string;
  readonly created_at: string;
  readonly sensitive: boolean;
  readonly language: string;
  readonly edited_at: string | null;
  readonly poll?: FakePoll | undefined;
  readonly in_reply_to_id: string | null;
  readonly media_attachments: readonly { readonly id: string; readonly description: string | null }[];
  readonly visibility: string;
};

export type FakeMastodon = FakeNetwork & {
  readonly statuses: ReadonlyMap<string, FakeStatus>;
  /** A status that the account's owner wrote elsewhere. */
  readonly write: (text: string) => void;
  /** People vote in a status's poll: how often for each option. */
  readonly vote: (id: string, votes: readonly number[]) => void;
  /** Uploaded files that no status shows are cleared away. */
  readonly clearMedia: () => void;
};

export type FakeMastodonOptions = {
  readonly now?: () => number;
  /** 4.3 brought the reading of several statuses at once, 4.0 the second description of the instance. */
  readonly version?: '3.5' | '4.0' | '4.5';
  readonly maxCharacters?: number;
  readonly media?: MediaRules;
  /** The account's own preference, for posts that say nothing of it. */
  readonly sensitive?: boolean;
  /** What a key that was used is answered with; `failed`: 500, https://github.com/mastodon/mastodon/issues/40399 */
  readonly repeats?: 'answered' | 'failed';
};

/** One instance with one account. Idempotency keys are kept for an hour. */
export async function fakeMastodon({
  now = () => DUE_AT + MINUTE,
  version = '4.5',
  maxCharacters = 500,
  media: mediaRules = {},
  sensitive: sensitiveByDefault = false,
  repeats = 'answered',
}: FakeMastodonOptions = {}): Promise<FakeMastodon> {
  const statuses = new Map<string, FakeStatus>();
  const keys = new Map<string, { id: string; until: number }>();
  const media = fakeMedia(mediaRules);
  let lastId = 115_000_000_000_000_000n;

  const host = () => new URL(server.url).host;
  const entity = ({ text, poll, ...status }: FakeStatus) => ({
    ...status,
    poll: poll === undefined ? null : shownPoll(status.id, poll, now()),
    uri: `${server.url}/users/bakery/statuses/${status.id}`,
    url: `${server.url}/@bakery/${status.id}`,
    content: toHtml(text),
    favourites_count: 5,
    reblogs_count: 2,
    replies_count: 1,
    ...(version === '4.5' ? { quotes_count: 1 } : {}),
  });
  const post = (text: string, more: Partial<FakeStatus> = {}): FakeStatus => {
    lastId += 65_536n;
    const status = {
      id: String(lastId),
      text: text.trim(),
      spoiler_text: '',
      sensitive: false,
      language: 'en',
      edited_at: null,
      created_at: new Date(now()).toISOString(),
      in_reply_to_id: null,
      media_attachments: [],
      visibility: 'public',
      ...more,
    };
    statuses.set(status.id, status);
    return status;
  };
  const publish = ({ json, headers }: Received): Reply => {
    const key = headers['idempotency-key'];
    const before = typeof key === 'string' ? keys.get(key) : undefined;
    const present = before && before.until > now() ? statuses.get(before.id) : undefined;
    if (present && repeats === 'failed') return refusal(500, 'An unexpected error occurred.');
    if (present) return { status: 200, body: entity(present) };
    const asked = json as PostedStatus;
    const { in_reply_to_id = null, visibility = 'public' } = asked;
    if (in_reply_to_id !== null && !statuses.has(in_reply_to_id)) return refusal(404, 'Record not found');
    const said = toWords(asked);
    if (typeof said === 'string') return refusal(422, `Validation failed: ${said}`);
    const sensitive = (asked.sensitive ?? sensitiveByDefault) || said.spoiler_text !== '';
    const made = post(said.text, { ...said, sensitive, in_reply_to_id, visibility });
    if (typeof key === 'string') keys.set(key, { id: made.id, until: now() + HOUR });
    return { status: 200, body: entity(made) };
  };
  /** What a status says and shows, or why it cannot; `before`: what is edited. What is left out is taken off. */
  const toWords = (asked: PostedStatus, before?: FakeStatus) => {
    const { status = '', spoiler_text = '', poll: wanted, media_ids = [], language } = asked;
    if (wanted && media_ids.length > 0) return 'Polls cannot be combined with media attachments';
    const media_attachments = media.attach(media_ids, before?.media_attachments);
    if (typeof media_attachments === 'string') return media_attachments;
    if (status.trim() === '' && media_attachments.length === 0) return "Text can't be blank";
    if ([...status].length + [...spoiler_text].length > maxCharacters) {
      return `Text character limit of ${maxCharacters} exceeded`;
    }
    const poll = wanted && toPoll(wanted, now(), before?.poll);
    if (typeof poll === 'string') return poll;
    const text = status.trim();
    return { text, spoiler_text, media_attachments, poll, language: language ?? before?.language ?? 'en' };
  };
  const edit = (asked: PostedStatus, before: FakeStatus): Reply => {
    const said = toWords(asked, before);
    if (typeof said === 'string') return refusal(422, `Validation failed: ${said}`);
    const sensitive = (asked.sensitive ?? false) || said.spoiler_text !== '';
    const edited = { ...before, ...said, sensitive, edited_at: new Date(now()).toISOString() };
    statuses.set(before.id, edited);
    return { status: 200, body: entity(edited) };
  };
  const account = () => ({
    id: ACCOUNT_ID,
    username: 'bakery',
    acct: 'bakery',
    url: `${server.url}/@bakery`,
    followers_count: 84,
  });
  const configuration = {
    statuses: { max_characters: maxCharacters, max_media_attachments: 4, characters_reserved_per_url: 23 },
    media_attachments: media.configuration,
    polls: { max_options: 4, max_characters_per_option: 50, min_expiration: 300, max_expiration: 2_629_746 },
  };

  const handle = (request: Received): Reply => {
    const { method, url, headers } = request;
    const path = url.pathname;
    if (path === '/api/v2/instance' && version !== '3.5') {
      return { status: 200, body: { domain: host(), version, configuration } };
    }
    if (path === '/api/v1/instance') return { status: 200, body: { uri: host(), version, configuration } };
    if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`)
      return refusal(401, 'The access token is invalid');
    if (path === '/api/v1/accounts/verify_credentials' || path === `/api/v1/accounts/${ACCOUNT_ID}`) {
      return { status: 200, body: account() };
    }
    if (path === `/api/v1/accounts/${ACCOUNT_ID}/statuses`) {
      const limit = Math.min(Number(url.searchParams.get('limit') ?? 20), 40);
      return { status: 200, body: [...statuses.values()].reverse().slice(0, limit).map(entity) };
    }
    const answer = media.answer(request);
    if (answer !== undefined) return answer;
    if (path === '/api/v1/statuses' && method === 'POST') return publish(request);
    if (path === '/api/v1/statuses' && version === '4.5') {
      const found = url.searchParams.getAll('id[]').flatMap((id) => statuses.get(id) ?? []);
      return { status: 200, body: found.map(entity) };
    }
    const one = statuses.get(/^\/api\/v1\/statuses\/(\d+)$/.exec(path)?.[1] ?? '');
    if (one === undefined) return refusal(404, 'Record not found');
    if (method === 'PUT') return edit(request.json as PostedStatus, one);
    if (method === 'DELETE') statuses.delete(one.id);
    return { status: 200, body: entity(one) };
  };

  const server = await startServer(handle);
  return {
    ...server,
    statuses,
    write: (text) => void post(text),
    vote: (id, votes) => {
      const status = statuses.get(id);
      if (status?.poll) statuses.set(id, { ...status, poll: { ...status.poll, votes } });
    },
    clearMedia: media.clear,
    isPublish: ({ method, url }) => method === 'POST' && url.pathname === '/api/v1/statuses',
    published: () => [...statuses.keys()].map((id) => `${id}@${host()}`),
    forget: (externalId) => void statuses.delete(externalId.replace(/@.*/, '')),
  };
}

type PostedStatus = {
  status?: string;
  spoiler_text?: string;
  sensitive?: boolean;
  language?: string;
  visibility?: string;
  poll?: PostedPoll;
  media_ids?: string[];
  in_reply_to_id?: string;
};

const refusal = (status: number, error: string): Reply => ({ status, body: { error } });

/** Plain text as Mastodon shows it: paragraphs, breaks, shortened links, mentions without their domain. */
function toHtml(text: string): string {
  const escaped = text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
  const linked = escaped
    .replace(/'/g, '&#39;')
    .replace(/(https?:\/\/)(\S{1,30})(\S*)/g, (url, scheme, head, tail) => {
      const shown = `<span class="ellipsis">${head}</span><span class="invisible">${tail}</span>`;
      return `<a href="${url}" rel="nofollow"><span class="invisible">${scheme}</span>${shown}</a>`;
    })
    .replace(
      /@(\w+)@[\w.]+/g,
      '<span class="h-card"><a href="#" class="u-url mention">@<span>$1</span></a></span>',
    );
  const paragraphs = linked.split(/\n{2,}/).map((part) => `<p>${part.replace(/\n/g, '<br />')}</p>`);
  return paragraphs.join('');
}
