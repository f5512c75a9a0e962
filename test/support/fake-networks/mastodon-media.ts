import type { Received, Reply } from './server.ts';

export type MediaRules = {
  /** How often a video is told to be in process before it is done. Images are done at once, since 4.0. */
  readonly looks?: number;
  /** The processing of videos fails. */
  readonly broken?: boolean;
};

type Attachment = {
  readonly id: string;
  readonly type: 'image' | 'video';
  readonly description: string | null;
  left: number;
  attached: boolean;
};

/** Files of one instance: uploaded, processed, attached once. As in Mastodon's MediaController and PostStatusService. */
export function fakeMedia({ looks = 1, broken = false }: MediaRules) {
  const files = new Map<string, Attachment>();
  const shown = ({ id, type, description, left }: Attachment) => ({
    id,
    type,
    description,
    url: left > 0 ? null : `https://files.example/${id}`,
    preview_url: null,
  });

  function upload({ headers, bytes }: Received): Reply {
    const form = readForm(headers['content-type'] ?? '', bytes);
    const file = form.get('file');
    if (!file?.type) return refusal(422, "Validation failed: File can't be blank");
    const description = form.get('description')?.text ?? null;
    if ([...(description ?? '')].length > 1_500) {
      return refusal(422, 'Validation failed: Description is too long (maximum is 1500 characters)');
    }
    if (!TYPES.includes(file.type)) return refusal(422, 'Validation failed: File content type is invalid');
    const type = file.type.startsWith('video/') ? 'video' : 'image';
    const id = String(900_000 + files.size);
    const made = { id, type, description, left: type === 'video' ? looks : 0, attached: false } as const;
    files.set(id, { ...made });
    return { status: type === 'video' ? 202 : 200, body: shown(made) };
  }

  function look(id: string): Reply {
    const file = files.get(id);
    if (file === undefined || file.attached) return refusal(404, 'Record not found');
    if (broken && file.type === 'video') {
      return refusal(422, 'Error processing thumbnail for uploaded media');
    }
    if (file.left === 0) return { status: 200, body: shown(file) };
    const reply = { status: 206, body: shown(file) };
    file.left -= 1;
    return reply;
  }

  return {
    configuration: {
      description_limit: 1_500,
      supported_mime_types: [...TYPES, 'audio/mpeg'],
      image_size_limit: 16_777_216,
      image_matrix_limit: 33_177_600,
      video_size_limit: 103_809_024,
      video_matrix_limit: 8_294_400,
    },
    /** Undefined: no request for files. */
    answer: (request: Received): Reply | undefined => {
      const { pathname } = request.url;
      if (pathname === '/api/v2/media' && request.method === 'POST') return upload(request);
      const id = /^\/api\/v1\/media\/(\w+)$/.exec(pathname)?.[1];
      return id === undefined ? undefined : look(id);
    },
    /** The files of a status to be, or why it cannot have them; `its`: those that it has already. */
    attach: (ids: readonly string[], its: readonly { readonly id: string }[] = []): Attachment[] | string => {
      if (ids.length > 4) return 'Cannot attach more than 4 files';
      const isFree = ({ id, attached }: Attachment) => !attached || its.some((one) => one.id === id);
      const found = ids.flatMap((id) => files.get(id) ?? []).filter(isFree);
      if (found.length < ids.length) return `Media ${ids.join(', ')} not found or already attached`;
      if (found.length > 1 && found.some(({ type }) => type === 'video')) {
        return 'Cannot attach a video to a post that already contains images';
      }
      if (found.some(({ left }) => left > 0)) return 'Cannot attach files that have not finished processing';
      for (const file of found) file.attached = true;
      return found;
    },
    clear: () => {
      for (const [id, { attached }] of files) if (!attached) files.delete(id);
    },
  };
}

const TYPES = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'video/mp4',
  'video/quicktime',
  'video/webm',
];
const refusal = (status: number, error: string): Reply => ({ status, body: { error } });

function readForm(header: string, bytes: Uint8Array): Map<string, { type?: string; text: string }> {
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(header)?.[1] ?? '\0';
  const parts = Buffer.from(bytes).toString('latin1').split(`--${boundary}`).slice(1, -1);
  return new Map(
    parts.map((part) => {
      const [head = '', ...body] = part.split('\r\n\r\n');
      const type = /content-type: (\S+)/i.exec(head)?.[1];
      const text = Buffer.from(body.join('\r\n\r\n').replace(/\r\n$/, ''), 'latin1').toString();
      return [/ name="([^"]+)"/.exec(head)?.[1] ?? '', { ...(type ? { type } : {}), text }];
    }),
  );
}
