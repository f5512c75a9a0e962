import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const WEBHOOK = { id: '223704706495545344', token: 'Qwertz-0123456789_abcdefghijklmnop' };
export const WEBHOOK_URL = `https://discord.com/api/webhooks/${WEBHOOK.id}/${WEBHOOK.token}`;
export const GUILD = '199737254929760256';
export const CHANNEL = '199737254929760999';
export const THREAD = '299737254929760111';

type Body = Readonly<Record<string, unknown>>;
export type FakeMessage = {
  readonly id: string;
  readonly channelId: string;
  /** As it was sent, with what of it was edited. */
  readonly body: Body;
  /** Sizes of the files that came with it, by the name of their part. */
  readonly files: Readonly<Record<string, number>>;
};

export type FakeDiscord = FakeNetwork & { readonly messages: ReadonlyMap<string, FakeMessage> };

export type FakeDiscordOptions = {
  /** Its channel is a forum: every message is in a thread. */
  readonly forum?: boolean;
  readonly type?: number;
};

const MEBIBYTE = 1_024 * 1_024;

/** One webhook, as https://docs.discord.com/developers/resources/webhook describes it. */
export async function fakeDiscord({
  forum = false,
  type = 1,
}: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const messages = new Map<string, FakeMessage>();
  let lastId = 1_300_000_000_000_000_000n;

  const create = async (request: Received): Promise<Reply> => {
    const { body, files } = await bodyOf(request);
    const problem = contentProblem(body, files);
    if (problem) return problem;
    const asked = request.url.searchParams.get('thread_id');
    const { thread_name: name } = body;
    if (forum && asked === null && name === undefined) {
      return refusal(400, 220_001, 'Webhooks posted to forum channels must have a thread_name or thread_id');
    }
    if (asked !== null && name !== undefined) return refusal(400, 220_002, 'not both of them');
    if (!forum && name !== undefined) return refusal(400, 220_003, 'only in forum channels');
    if (asked !== null && asked !== THREAD) return refusal(404, 10_003, 'Unknown Channel');
    lastId += 65_536n;
    const id = String(lastId);
    const channelId = asked ?? (name === undefined ? CHANNEL : id);
    messages.set(id, { id, channelId, body, files });
    if (request.url.searchParams.get('wait') !== 'true') return { status: 204 };
    return { status: 200, headers: LIMITS, body: entity({ id, channelId, body, files }) };
  };

  const update = async (request: Received, message: FakeMessage): Promise<Reply> => {
    if (message.body.poll !== undefined) return refusal(403, 520_003, 'Cannot edit a poll message');
    const { body: change } = await bodyOf(request);
    // Its sender and its thread are those of the first request; none of these is a parameter here.
    const { content, embeds, flags, allowed_mentions, attachments, ...unknown } = change;
    if (Object.keys(unknown).length > 0) return wrongForm(`unknown: ${Object.keys(unknown)}`);
    const body = { ...message.body, ...change };
    const kept = attachments as { id: string }[] | undefined;
    const files = Object.fromEntries(
      Object.entries(message.files).filter(
        ([name]) => kept?.some(({ id }) => name === `files[${id}]`) ?? true,
      ),
    );
    const problem = contentProblem({ ...body, content: body.content || undefined }, files);
    if (problem) return problem;
    const next = { ...message, body, files };
    messages.set(message.id, next);
    return { status: 200, headers: LIMITS, body: entity(next) };
  };

  const handle = (request: Received): Reply | Promise<Reply> => {
    const { method, url } = request;
    const [, id, token, rest = ''] = /^\/webhooks\/(\d+)\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
    if (id !== WEBHOOK.id) return refusal(404, 10_015, 'Unknown Webhook');
    if (token !== WEBHOOK.token) return refusal(401, 50_027, 'Invalid Webhook Token');
    if (rest === '' && method === 'POST') return create(request);
    if (rest === '') {
      const webhook = { id, type, name: 'Bakery', avatar: null, channel_id: CHANNEL, guild_id: GUILD };
      return { status: 200, body: { ...webhook, application_id: null, token } };
    }
    const message = messages.get(/^\/messages\/(\d+)$/.exec(rest)?.[1] ?? '');
    if (message === undefined || message.channelId !== (url.searchParams.get('thread_id') ?? CHANNEL)) {
      return refusal(404, 10_008, 'Unknown Message');
    }
    if (method === 'DELETE') {
      messages.delete(message.id);
      return { status: 204 };
    }
    if (method === 'PATCH') return update(request, message);
    const emoji = { id: null, name: '🥖' };
    return {
      status: 200,
      body: {
        ...entity(message),
        reactions: [
          { emoji, count: 3 },
          { emoji, count: 2 },
        ],
      },
    };
  };

  const server = await startServer(handle);
  return {
    ...server,
    messages,
    isPublish: ({ method }) => method === 'POST',
    published: () => [...messages.values()].map(({ id, channelId }) => `${channelId}/${id}`),
    forget: (externalId) => void messages.delete(externalId.split('/')[1] ?? ''),
  };
}

const LIMITS = {
  'x-ratelimit-limit': '5',
  'x-ratelimit-remaining': '4',
  'x-ratelimit-reset-after': '2',
  'x-ratelimit-bucket': 'abcd1234',
};

const entity = ({ id, channelId, body }: FakeMessage) => ({
  id,
  channel_id: channelId,
  webhook_id: WEBHOOK.id,
  content: body.content ?? '',
  type: 0,
  timestamp: '2026-11-20T08:00:00.000000+00:00',
});

const refusal = (status: number, code: number, message: string): Reply => ({
  status,
  body: { code, message },
});
const wrongForm = (message: string): Reply => refusal(400, 50_035, message);

/** JSON, or a form with the JSON in `payload_json`. */
async function bodyOf({ headers, bytes, json }: Received) {
  const type = String(headers['content-type']);
  const files: Record<string, number> = {};
  if (!type.startsWith('multipart/form-data')) return { body: (json ?? {}) as Body, files };
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  for (const [name, value] of form) if (value instanceof File) files[name] = value.size;
  return { body: JSON.parse(String(form.get('payload_json'))) as Body, files };
}

function contentProblem(body: Body, files: Readonly<Record<string, number>>): Reply | undefined {
  const { content, embeds = [], poll, attachments = [], allowed_mentions: mentions } = body;
  const sizes = Object.values(files);
  if (content === undefined && poll === undefined && sizes.length === 0 && (embeds as []).length === 0) {
    return refusal(400, 50_006, 'Cannot send an empty message');
  }
  if (String(content ?? '').length > 2_000) return wrongForm('Must be 2000 or fewer in length.');
  if (!Array.isArray((mentions as { parse?: unknown })?.parse)) return wrongForm('allowed_mentions');
  if (sizes.some((size) => size > 10 * MEBIBYTE) || sizes.reduce((a, b) => a + b, 0) > 25 * MEBIBYTE) {
    return refusal(413, 40_005, 'Request entity too large');
  }
  const named = attachments as { id: string; description?: string }[];
  if (named.length !== sizes.length) return wrongForm('attachments without files');
  for (const { id, description = '' } of named) {
    if (files[`files[${id}]`] === undefined || description.length > 1_024) return wrongForm('attachment');
  }
  return poll === undefined ? undefined : pollProblem(poll as Poll);
}

type Poll = { question: { text: string }; answers: { poll_media: { text: string } }[]; duration: number };

function pollProblem({ question, answers, duration }: Poll): Reply | undefined {
  if (question.text === '' || question.text.length > 300) return wrongForm('question');
  if (answers.length > 10 || answers.some((one) => one.poll_media.text.length > 55))
    return wrongForm('answers');
  return Number.isInteger(duration) && duration >= 1 && duration <= 768 ? undefined : wrongForm('duration');
}
