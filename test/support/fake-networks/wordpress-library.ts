import type { Received, Reply } from './server.ts';

export type LibraryRules = {
  /** What the host takes at most; what is larger is refused before WordPress sees it. */
  readonly maxUploadBytes?: number;
  readonly categories?: readonly { readonly id: number; readonly name: string }[];
};

type Image = {
  readonly id: number;
  readonly slug: string;
  readonly source_url: string;
  readonly mime_type: string;
  readonly bytes: number;
  alt_text: string;
};
export type FakeLibrary = ReturnType<typeof fakeLibrary>;

/** Media library, categories and tags of a site, with WordPress's ways: `slug-2`, `term_exists`, names as HTML. */
export function fakeLibrary(
  siteUrl: () => string,
  {
    maxUploadBytes = Number.POSITIVE_INFINITY,
    categories = [{ id: 1, name: 'Uncategorized' }],
  }: LibraryRules,
) {
  const images: Image[] = [];
  const tags: { id: number; name: string }[] = [];

  function upload({ headers, bytes, url }: Received): Reply {
    if (bytes.length > maxUploadBytes) {
      return { status: 413, headers: { 'content-type': 'text/html' }, body: '<h1>413 Too Large</h1>' };
    }
    const fileName = /^attachment; filename="([^"/]+\.(jpg|png|gif|webp))"$/.exec(
      String(headers['content-disposition']),
    )?.[1];
    if (fileName === undefined) return refusal(400, 'rest_upload_invalid_disposition');
    if (bytes.length === 0) return refusal(400, 'rest_upload_no_data');
    const mime_type = headers['content-type'] ?? '';
    if (!mime_type.startsWith('image/')) return refusal(500, 'rest_upload_sideload_error');
    const wanted = url.searchParams.get('slug') ?? fileName.replace(/\..*/, '');
    let slug = wanted;
    for (let n = 2; images.some((image) => image.slug === slug); n++) slug = `${wanted}-${n}`;
    const image = {
      id: 101 + images.length,
      slug,
      source_url: `${siteUrl()}/wp-content/uploads/${fileName}`,
      mime_type,
      bytes: bytes.length,
      alt_text: '',
    };
    images.push(image);
    return { status: 201, body: { ...image } };
  }

  function describe(id: number, { alt_text }: Partial<Image>): Reply {
    const image = images.find((one) => one.id === id);
    if (image === undefined) return refusal(404, 'rest_post_invalid_id');
    // As sanitize_text_field does.
    image.alt_text = (alt_text ?? '')
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    return { status: 200, body: { ...image } };
  }

  function addTag({ name }: { name: string }): Reply {
    const there = tags.find((tag) => tag.name.toLowerCase() === name.toLowerCase());
    if (there) {
      const data = { status: 400, term_id: there.id };
      return { status: 400, body: { code: 'term_exists', message: 'It exists.', data } };
    }
    const tag = { id: 501 + tags.length, name };
    tags.push(tag);
    return { status: 201, body: inHtml(tag) };
  }

  return {
    images,
    tags,
    /** Undefined: no such route. */
    answer: (route: string, request: Received): Reply | undefined => {
      const { method, url, json } = request;
      if (route === '/wp/v2/media' && method === 'POST') return upload(request);
      if (route === '/wp/v2/media') {
        const slugs = url.searchParams.get('slug')?.split(',') ?? [];
        return { status: 200, body: images.filter(({ slug }) => slugs.includes(slug)) };
      }
      const id = /^\/wp\/v2\/media\/(\d+)$/.exec(route)?.[1];
      if (id !== undefined && method === 'POST') return describe(Number(id), json as Partial<Image>);
      if (route === '/wp/v2/tags' && method === 'POST') return addTag(json as { name: string });
      if (route !== '/wp/v2/categories' || method !== 'GET') return undefined;
      const search = (url.searchParams.get('search') ?? '').toLowerCase();
      // Kept as HTML, and searched so.
      const found = categories.map(inHtml).filter(({ name }) => name.toLowerCase().includes(search));
      return { status: 200, body: found };
    },
    /** Code of what is wrong with a post to be. */
    problemOf: (post: {
      featured_media?: number;
      categories?: unknown;
      tags?: unknown;
    }): string | undefined => {
      const { featured_media } = post;
      if (featured_media !== undefined && !images.some(({ id }) => id === featured_media)) {
        return 'rest_invalid_featured_media';
      }
      const isIds = (value: unknown) =>
        value === undefined || (Array.isArray(value) && value.every(Number.isInteger));
      return isIds(post.categories) && isIds(post.tags) ? undefined : 'rest_invalid_param';
    },
  };
}

const inHtml = ({ id, name }: { id: number; name: string }) => ({
  id,
  name: name
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;'),
});

const refusal = (status: number, code: string): Reply => ({ status, body: { code, message: code } });
