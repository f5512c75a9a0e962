import type { Received, Reply } from './server.ts';

export type FakeFile = {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly alt: string;
  received: boolean;
  /** Of the message that shows it. */
  ts: string | undefined;
  /** How often one must still ask before that is told. */
  waits: number;
};

type Body = Readonly<Record<string, unknown>>;

/** Uploads in their three steps, as https://docs.slack.dev/messaging/working-with-files tells them. */
export function slackFiles({
  channel,
  processing,
  show,
}: {
  channel: string;
  processing: number;
  show: (body: Body, text: string, fileIds: readonly string[]) => string;
}) {
  const files = new Map<string, FakeFile>();

  const grant = (host: string, { body, headers }: Received): Reply => {
    if (headers['content-type'] !== 'application/x-www-form-urlencoded') return no('invalid_form_data');
    const form = new URLSearchParams(body);
    const [name, length, alt] = [
      form.get('filename') ?? '',
      Number(form.get('length')),
      form.get('alt_txt') ?? '',
    ];
    if (name === '' || !(length > 0)) return no('missing_argument');
    if (alt.length > 1_000) return no('alt_txt_too_large');
    const id = `F${String(files.size + 1).padStart(8, '0')}`;
    files.set(id, { id, name, length, alt, received: false, ts: undefined, waits: processing });
    return yes({ file_id: id, upload_url: `${host}/upload/v1/${id}` });
  };

  const receive = ({ url, bytes, headers }: Received): Reply => {
    const file = files.get(url.pathname.split('/').at(-1) ?? '');
    if (file === undefined || file.length !== bytes.length) return { status: 400, body: 'Wrong length' };
    if (headers.authorization !== undefined) return { status: 400, body: 'A token where none belongs' };
    file.received = true;
    return { status: 200, body: `OK - ${bytes.length}` };
  };

  const complete = (body: Body): Reply => {
    const asked = (body.files as { id: string }[]).map(({ id }) => files.get(id));
    const known = asked.flatMap((file) => (file?.received && file.ts === undefined ? [file] : []));
    // It can be called once for an upload.
    if (known.length < asked.length || known.length === 0) return no('file_not_found');
    if (body.channel_id !== channel) return no('channel_not_found');
    const text = String(body.initial_comment ?? '');
    const ids = known.map(({ id }) => id);
    const ts = show(body, text, ids);
    for (const file of known) file.ts = ts;
    return yes({ files: ids.map((id) => ({ id, title: files.get(id)?.name })) });
  };

  const info = (id: string): Reply => {
    const file = files.get(id);
    if (file?.ts === undefined) return no('file_not_found');
    const isTold = file.waits <= 0;
    file.waits -= 1;
    const shares = isTold ? { public: { [channel]: [{ ts: file.ts, reply_users: [] }] } } : {};
    return yes({ file: { id, name: file.name, shares } });
  };

  return { files, grant, receive, complete, info };
}

const yes = (body: object): Reply => ({ status: 200, body: { ok: true, ...body } });
const no = (error: string): Reply => ({ status: 200, body: { ok: false, error } });
