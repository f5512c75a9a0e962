import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../builders.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const BOT_TOKEN = '123456:AAqwertz-0123456789_abcdefghij';
const BOT_ID = 123_456;
export const CHAT = { id: -1_001_234_567_890, type: 'channel', title: 'Bakery', username: 'bakery_news' };

/** Parameters as they came, those of forms read as JSON where they are. */
type Fields = Readonly<Record<string, unknown>>;
export type FakeMessage = {
  readonly id: number;
  readonly method: string;
  readonly fields: Fields;
  readonly replyTo: number | undefined;
  readonly group: number | undefined;
  /** What it says since it was edited. */
  readonly edited?: Fields;
};

export type FakeTelegram = FakeNetwork & { readonly messages: ReadonlyMap<number, FakeMessage> };

export type FakeTelegramOptions = {
  readonly now?: () => number;
  readonly chat?: { id: number; type: string; title: string; username?: string };
  readonly member?: { status: string; can_post_messages?: boolean; can_send_messages?: boolean };
  /** Telegram gets at no address. */
  readonly unfetchable?: boolean;
  /** A video is converted first: it is scheduled, and has no number. */
  readonly converting?: boolean;
};

const MEGABYTE = 1_000_000;

/** The Bot API with one bot in one chat, as https://core.telegram.org/bots/api describes it. */
export async function fakeTelegram({
  now = () => DUE_AT + MINUTE,
  chat = CHAT,
  member = { status: 'administrator', can_post_messages: true },
  unfetchable = false,
  converting = false,
}: FakeTelegramOptions = {}): Promise<FakeTelegram> {
  const messages = new Map<number, FakeMessage>();
  let lastId = 100;

  const add = (method: string, fields: Fields, group?: number): object => {
    lastId += 1;
    const replyTo = (fields.reply_parameters as { message_id: number } | undefined)?.message_id;
    messages.set(lastId, { id: lastId, method, fields, replyTo, group });
    const isHidden = converting && method === 'sendVideo';
    return { message_id: isHidden ? 0 : lastId, date: Math.floor(now() / 1_000), chat };
  };

  const mediaProblem = (
    value: unknown,
    kind: string,
    files: ReadonlyMap<string, File>,
  ): Reply | undefined => {
    const most = kind === 'photo' ? 10 : 50;
    if (value instanceof File) return value.size > most * MEGABYTE ? TOO_LARGE : undefined;
    const text = String(value);
    if (text.startsWith('attach://')) {
      const file = files.get(text.slice('attach://'.length));
      if (file === undefined) return bad('wrong file identifier/HTTP URL specified');
      return file.size > most * MEGABYTE ? TOO_LARGE : undefined;
    }
    if (!text.startsWith('https://')) return bad('wrong file identifier/HTTP URL specified');
    return unfetchable ? bad('failed to get HTTP URL content') : undefined;
  };

  const send = (method: string, fields: Fields, files: ReadonlyMap<string, File>): Reply => {
    if (fields.chat_id !== chat.id && fields.chat_id !== `@${chat.username}`) return bad('chat not found');
    const reply = fields.reply_parameters as { message_id: number } | undefined;
    if (reply && !messages.has(reply.message_id)) return bad('message to be replied not found');
    if (method === 'sendMessage') {
      const text = String(fields.text ?? '');
      if (text.trim() === '') return bad('message text is empty');
      if (text.length > 4_096) return bad('message is too long');
      return entityProblem(text, fields.entities) ?? success(add(method, fields));
    }
    if (method === 'sendPoll') return pollProblem(fields) ?? success(add(method, fields));
    if (method === 'sendMediaGroup') {
      const media = fields.media as { type: string; media: string; caption?: string }[];
      if (media.length < 2 || media.length > 10) return bad('wrong number of media in an album');
      if (media.some(({ type }) => !['photo', 'video'].includes(type)))
        return bad("can't use this media type");
      for (const one of media) {
        const problem = captionProblem(one) ?? mediaProblem(one.media, one.type, files);
        if (problem) return problem;
      }
      const group = lastId + 1;
      return success(media.map(() => add(method, fields, group)));
    }
    const kind = method.slice('send'.length).toLowerCase();
    const problem =
      captionProblem(fields) ?? mediaProblem(fields[kind] ?? files.get(kind) ?? '', kind, files);
    return problem ?? success(add(method, fields));
  };

  /** Of the message itself, of an album's file; polls have neither text nor caption. */
  const edit = (method: string, fields: Fields): Reply => {
    const message = messages.get(Number(fields.message_id));
    if (message === undefined) return bad('message to edit not found');
    if (message.method === 'sendPoll') return bad("message can't be edited");
    const isText = message.method === 'sendMessage';
    const wantsText = method === 'editMessageText';
    if (wantsText !== isText)
      return bad(`there is no ${wantsText ? 'text' : 'caption'} in the message to edit`);
    if (isText && String(fields.text ?? '').trim() === '') return bad('message text is empty');
    if (isText && String(fields.text).length > 4_096) return bad('message is too long');
    const problem = isText ? entityProblem(String(fields.text), fields.entities) : captionProblem(fields);
    if (problem) return problem;
    const words = wordsOf(fields);
    if (JSON.stringify(words) === JSON.stringify(shownBy(message))) return bad(NOT_MODIFIED);
    messages.set(message.id, { ...message, edited: words });
    return success({ message_id: message.id, date: Math.floor(now() / 1_000), chat });
  };

  const handle = async (request: Received): Promise<Reply> => {
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url.pathname) ?? [];
    if (token !== BOT_TOKEN) return refusal(401, 'Unauthorized');
    const { fields, files } = await parametersOf(request);
    const isHere = fields.chat_id === chat.id || fields.chat_id === `@${chat.username}`;
    if (method === 'getMe') return success({ id: BOT_ID, is_bot: true, first_name: 'Bakery bot' });
    if (/^send(Message|Photo|Video|Animation|Document|MediaGroup|Poll)$/.test(method)) {
      return send(method, fields, files);
    }
    if (!isHere) return bad('chat not found');
    if (method === 'getChat') return success({ ...chat, accent_color_id: 1, max_reaction_count: 11 });
    if (method === 'getChatMember') {
      return fields.user_id === BOT_ID ? success({ ...member, user: { id: BOT_ID } }) : bad('user not found');
    }
    if (method === 'getChatMemberCount') return success(84);
    if (/^editMessage(Text|Caption)$/.test(method)) return edit(method, fields);
    if (method === 'deleteMessage') {
      return messages.delete(Number(fields.message_id)) ? success(true) : bad('message to delete not found');
    }
    return refusal(404, 'Not Found');
  };

  const server = await startServer(handle);
  const idOf = (id: number): string => `${chat.id}/${id}`;
  return {
    ...server,
    messages,
    isPublish: ({ url }) => /\/send\w+$/.test(url.pathname),
    published: () =>
      [...messages.values()].flatMap(({ id, replyTo, group = id }) =>
        replyTo === undefined && group === id ? [idOf(id)] : [],
      ),
    forget: (externalId) => void messages.delete(Number(externalId.split('/')[1])),
  };
}

const success = (result: unknown): Reply => ({ status: 200, body: { ok: true, result } });
const refusal = (status: number, description: string): Reply => ({
  status,
  body: { ok: false, error_code: status, description },
});
const bad = (words: string): Reply => refusal(400, `Bad Request: ${words}`);
const TOO_LARGE = refusal(413, 'Request Entity Too Large');

const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message';

const WORDS = [
  'text',
  'entities',
  'link_preview_options',
  'caption',
  'caption_entities',
  'show_caption_above_media',
];
const wordsOf = (fields: Fields): Fields =>
  Object.fromEntries(WORDS.filter((name) => name in fields).map((name) => [name, fields[name]]));

/** What a message says by now. */
export function shownBy({ id, group = id, fields, edited }: FakeMessage): Fields {
  const own = (fields.media as Fields[] | undefined)?.[id - group] ?? fields;
  return edited ?? wordsOf(own);
}

const captionProblem = ({ caption, caption_entities: entities }: Fields): Reply | undefined =>
  String(caption ?? '').length > 1_024
    ? bad('message caption is too long')
    : entityProblem(String(caption ?? ''), entities);

function entityProblem(text: string, entities: unknown): Reply | undefined {
  const all = (entities ?? []) as { type: string; offset: number; length: number; url?: string }[];
  const isWrong = all.some(
    ({ type, offset, length, url }) =>
      offset + length > text.length || (type === 'text_link') !== (url !== undefined),
  );
  return isWrong ? bad("can't parse MessageEntity") : undefined;
}

function pollProblem({ question, options, open_period: seconds, description }: Fields): Reply | undefined {
  const all = options as { text: string }[];
  const asked = String(question ?? '').length;
  if (asked === 0 || asked > 300) return bad('poll question must be non-empty and at most 300 characters');
  if (all.length > 12) return bad("poll can't have more than 12 options");
  if (all.some(({ text }) => text.length === 0 || text.length > 100)) return bad('poll options length');
  if (Number(seconds) < 5 || Number(seconds) > 2_628_000) return bad('poll open period');
  return String(description ?? '').length > 1_024 ? bad('poll description is too long') : undefined;
}

/** Of JSON, or of a form whose objects are JSON. */
async function parametersOf({ headers, bytes, json }: Received): Promise<{
  fields: Fields;
  files: ReadonlyMap<string, File>;
}> {
  const type = String(headers['content-type']);
  const files = new Map<string, File>();
  if (!type.startsWith('multipart/form-data')) return { fields: (json ?? {}) as Fields, files };
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (value instanceof File) files.set(name, value);
    else fields[name] = /^([[{]|-?\d+$|true$|false$)/.test(value) ? JSON.parse(value) : value;
  }
  return { fields, files };
}
