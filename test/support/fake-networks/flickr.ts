import { FLICKR_KEYS, fieldsOf, signatureProblem } from './flickr-signature.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

type Photo = { id: string; fields: ReadonlyMap<string, string>; file: string; at: number };
type Album = { id: string; title: string; primary: string; photos: string[] };

export type FakeFlickr = FakeNetwork & {
  readonly photos: readonly Photo[];
  readonly albums: readonly Album[];
  /** What a ticket says from its second look on: 1 done, 2 failed, 0 still at it. Default 1. */
  readonly settle: (complete: 0 | 1 | 2) => void;
  /** Whether this token may delete. Default true. */
  readonly mayDelete: (may: boolean) => void;
};

const xml = (inner: string, stat = 'ok'): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body: `<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="${stat}">\n${inner}\n</rsp>`,
});
const ok = (body: object): Reply => ({ status: 200, body: { ...body, stat: 'ok' } });
const fail = (code: number, message: string): Reply => ({
  status: 200,
  body: { stat: 'fail', code, message },
});

/** As much of Flickr as publishing needs: signatures, uploads with tickets, errors under 200, albums, machine tags. */
export async function fakeFlickr({ now }: { now: () => number }): Promise<FakeFlickr> {
  const photos: Photo[] = [];
  const albums: Album[] = [];
  const looked = new Set<string>();
  let complete: 0 | 1 | 2 = 1;
  let deletes = true;
  let made = 0;
  const server = await startServer((request) => respond(request));

  function respond(request: Received): Reply {
    const problem = signatureProblem(request, server.url);
    if (problem)
      return { status: 401, body: `oauth_problem=${problem}&debug_sbs=oauth_token%3D${FLICKR_KEYS.token}` };
    const fields = new Map(fieldsOf(request));
    if (fields.get('api_key') !== FLICKR_KEYS.apiKey)
      return fail(100, 'Invalid API Key (Key has invalid format)');
    if (request.url.pathname === '/services/upload/') return upload(request, fields);
    if (request.url.pathname !== '/services/rest') return { status: 404, body: 'no such page' };
    const method = fields.get('method') ?? '';
    if (fields.get('format') !== 'json' || fields.get('nojsoncallback') !== '1') return xml('');
    const writes = /\.(create|addPhoto|delete|setMeta)$/.test(method);
    if (writes !== (request.method === 'POST')) return fail(3, 'This method requires an HTTP POST request');
    return METHODS[method]?.(fields) ?? fail(112, `Method "${method}" not found`);
  }

  function upload({ body }: Received, fields: ReadonlyMap<string, string>): Reply {
    const file = /name="photo"; filename="([^"]+)"/.exec(body)?.[1];
    if (file === undefined) return xml('<err code="2" msg="No photo specified" />', 'fail');
    const equal = photos.find((photo) => photo.file === file);
    if (equal && fields.get('dedup_check') === '1') {
      return xml(
        `<err code="9" msg="Duplicate photo/video detected" duplicate_photo_id="${equal.id}" />`,
        'fail',
      );
    }
    const id = String(53_000_000_000 + made++);
    photos.push({ id, fields, file, at: Math.floor(now() / 1_000) });
    return fields.get('async') === '1'
      ? xml(`<ticketid>${id}-t</ticketid>`)
      : xml(`<photoid>${id}</photoid>`);
  }

  const METHODS: Record<string, (fields: ReadonlyMap<string, string>) => Reply> = {
    'flickr.test.login': () => ok({ user: { id: '35000000000@N01', username: { _content: 'Krume' } } }),
    'flickr.photos.upload.checkTickets': (fields) => {
      const id = fields.get('tickets') ?? '';
      const photo = id.replace('-t', '');
      if (!photos.some((one) => one.id === photo)) return ok({ uploader: { ticket: [{ id, invalid: 1 }] } });
      if (!looked.has(id)) {
        looked.add(id);
        return ok({ uploader: { ticket: [{ id, complete: 0 }] } });
      }
      if (complete === 2) forget(photo);
      return ok({ uploader: { ticket: [{ id, complete, ...(complete === 1 ? { photoid: photo } : {}) }] } });
    },
    'flickr.people.getPhotos': (fields) => {
      const since = Number(fields.get('min_upload_date'));
      const photo = photos
        .filter(({ at }) => at >= since)
        .map((one) => ({ id: one.id, machine_tags: marksOf(one) }));
      return ok({ photos: { page: 1, photo: photo.reverse().slice(0, Number(fields.get('per_page'))) } });
    },
    'flickr.photos.getInfo': (fields) => {
      const photo = photos.find(({ id }) => id === fields.get('photo_id'));
      if (!photo) return fail(1, 'Photo not found');
      const tag = marksOf(photo)
        .split(' ')
        .map((raw) => ({ raw, machine_tag: 1 }));
      return ok({ photo: { id: photo.id, views: '21', comments: { _content: '2' }, tags: { tag } } });
    },
    'flickr.photos.getFavorites': (fields) =>
      ok({ photo: { id: fields.get('photo_id'), total: '5', person: [] } }),
    'flickr.photos.setMeta': (fields) => {
      const photo = photos.find(({ id }) => id === fields.get('photo_id'));
      if (!photo) return fail(1, 'Photo "x" not found (invalid ID)');
      const meta = ['title', 'description'].flatMap((name): [string, string][] => {
        const value = fields.get(name);
        return value === undefined ? [] : [[name, value]];
      });
      if (meta.length === 0) return fail(2, 'Missing required arguments');
      photo.fields = new Map([...photo.fields, ...meta]);
      return ok({});
    },
    'flickr.photos.delete': (fields) => {
      if (!deletes) return fail(99, 'User not logged in / Insufficient permissions');
      return forget(fields.get('photo_id') ?? '') ? ok({}) : fail(1, 'Photo "x" not found');
    },
    'flickr.photosets.create': (fields) => {
      const primary = fields.get('primary_photo_id') ?? '';
      if (!fields.get('title')) return fail(1, 'No title specified');
      if (!photos.some(({ id }) => id === primary)) return fail(2, 'Photo not found');
      const id = String(72_157_720_000 + albums.length);
      albums.push({ id, title: fields.get('title') ?? '', primary, photos: [primary] });
      return ok({ photoset: { id, url: `https://www.flickr.com/photos/krume/sets/${id}/` } });
    },
    'flickr.photosets.addPhoto': (fields) => {
      const album = albums.find(({ id }) => id === fields.get('photoset_id'));
      const photo = fields.get('photo_id') ?? '';
      if (!album) return fail(1, 'Photoset not found');
      if (album.photos.includes(photo)) return fail(3, 'Photo already in set');
      album.photos.push(photo);
      return ok({});
    },
    'flickr.photosets.getList': () =>
      ok({ photosets: { photoset: albums.map(({ id, primary }) => ({ id, primary })) } }),
  };

  const marksOf = ({ fields }: Photo): string =>
    [...(fields.get('tags') ?? '').matchAll(/(?:^| )([a-z]\w*:\w+=\w+)/g)].map(([, mark]) => mark).join(' ');

  function forget(id: string): boolean {
    const at = photos.findIndex((photo) => photo.id === id);
    if (at !== -1) photos.splice(at, 1);
    return at !== -1;
  }

  return {
    ...server,
    photos,
    albums,
    settle: (to) => {
      complete = to;
    },
    mayDelete: (may) => {
      deletes = may;
    },
    isPublish: ({ url }) => url.pathname === '/services/upload/',
    published: () => photos.map(({ id }) => id),
    forget: (id) => void forget(id),
  };
}
