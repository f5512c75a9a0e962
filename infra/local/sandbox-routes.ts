import * as z from 'zod';
import { htmlAnswer, jsonAnswer, type LocalAnswer, type LocalRequest, missing } from './local-answer.ts';
import type { Sandbox, SandboxPost } from './sandbox.ts';
import { engagement, followers } from './sandbox-engagement.ts';
import type { SandboxMedia } from './sandbox-media.ts';
import { accountPage, postPage, sandboxPage } from './sandbox-page.ts';

const accountSchema = z.string().regex(/^[a-z0-9-]{1,40}$/);
const postBody = z
  .object({
    text: z.string().max(5_000),
    link: z.url({ protocol: /^https?$/ }).optional(),
    media: z
      .array(z.object({ url: z.url({ protocol: /^https?$/ }), alt: z.string().max(2_000) }))
      .max(4)
      .default([]),
  })
  .refine(({ text, media }) => text !== '' || media.length > 0, 'a post needs a text or an image');

export type SandboxPlace = {
  readonly sandbox: Sandbox;
  readonly media: SandboxMedia;
  readonly baseUrl: string;
  /** Names a new post. */
  readonly newId: () => string;
};

/**
 * The sandbox network's REST API, below `/sandbox/api`, and its pages. The bearer token is the account's name; every
 * name exists, and names that begin with `expired-` answer 401.
 *
 * - `GET /api/accounts/{account}` → `{id, handle, url, followers}`
 * - `POST /api/posts` with `Idempotency-Key`, `{text, link?, media?: [{url, alt}]}` → 201 `{id, url}`; the same key again → 200, the same
 * - `GET /api/posts?account=` → newest first `[{id, url, text, link?, media, key, at}]`
 * - `GET /api/posts/metrics?ids=a,b` → `{<id>: {views, reactions, replies, shares} | null}`, null when it is gone
 * - `DELETE /api/posts/{id}` → 204, or 404
 */
export function sandboxRoutes({ sandbox, media, baseUrl, newId }: SandboxPlace) {
  const postUrl = (id: string): string => `${baseUrl}/posts/${id}`;
  const account = (name: string): LocalAnswer => {
    if (!accountSchema.safeParse(name).success) return missing();
    if (isExpired(name)) return unauthorized();
    const count = sandbox.posts(name).length;
    return jsonAnswer(200, {
      id: name,
      handle: `@${name}`,
      url: `${baseUrl}/${name}`,
      followers: followers(name, count),
    });
  };

  const post = async (request: LocalRequest): Promise<LocalAnswer> => {
    const name = bearer(request);
    if (!name) return unauthorized();
    const key = request.headers['idempotency-key'];
    if (!key) return jsonAnswer(400, { error: 'Idempotency-Key is missing' });
    const body = postBody.safeParse(parsed(request.body));
    if (!body.success) return jsonAnswer(422, { error: z.prettifyError(body.error) });
    const { text, link } = body.data;
    const images: { name: string; alt: string }[] = [];
    for (const { url, alt } of body.data.media) {
      const fetched = await media.fetch(url);
      if ('refused' in fetched) return jsonAnswer(422, { error: fetched.refused });
      images.push({ name: fetched.name, alt });
    }
    const made = await sandbox.post({
      id: newId(),
      account: name,
      text,
      ...(link && { link }),
      ...(images.length > 0 && { media: images }),
      key,
      at: Date.now(),
    });
    return jsonAnswer(made.created ? 201 : 200, { id: made.post.id, url: postUrl(made.post.id) });
  };

  const remove = async (request: LocalRequest, id: string): Promise<LocalAnswer> => {
    const name = bearer(request);
    if (!name) return unauthorized();
    if (sandbox.get(id)?.account !== name || !(await sandbox.remove(id))) return missing();
    return { status: 204, headers: {}, body: '' };
  };

  const told = (found: SandboxPost) => {
    const { id, text, link, key, at } = found;
    const images = (found.media ?? []).map(({ name, alt }) => ({ url: `${baseUrl}/media/${name}`, alt }));
    return {
      id,
      url: postUrl(id),
      text,
      ...(link && { link }),
      media: images,
      key,
      at: new Date(at).toISOString(),
    };
  };

  const api = async (request: LocalRequest): Promise<LocalAnswer> => {
    const [kind, id, more] = request.path.slice(1);
    if (more !== undefined) return missing();
    if (kind === 'accounts' && id !== undefined && request.method === 'GET') return account(id);
    if (kind !== 'posts') return missing();
    if (request.method === 'POST' && id === undefined) return post(request);
    if (request.method === 'DELETE' && id !== undefined) return remove(request, id);
    if (request.method !== 'GET') return missing();
    if (id === 'metrics') return jsonAnswer(200, metrics(sandbox, request.query));
    if (id !== undefined) return missing();
    return jsonAnswer(200, sandbox.posts(request.query.get('account') ?? undefined).map(told));
  };

  return async (request: LocalRequest): Promise<LocalAnswer> => {
    const [first, second, more] = request.path;
    if (first === 'api') return api(request);
    if (request.method !== 'GET' || more !== undefined) return missing();
    if (first === undefined) return htmlAnswer(sandboxPage(sandbox.posts(), baseUrl));
    if (first === 'posts' && second !== undefined) {
      const found = sandbox.get(second);
      return found ? htmlAnswer(postPage(found, baseUrl)) : missing();
    }
    if (first === 'media' && second !== undefined) {
      const image = await media.read(second);
      return image ? { status: 200, headers: { 'content-type': image.type }, body: image.bytes } : missing();
    }
    if (second !== undefined || !accountSchema.safeParse(first).success) return missing();
    return htmlAnswer(accountPage(first, sandbox.posts(first), baseUrl));
  };
}

function metrics(sandbox: Sandbox, query: URLSearchParams): Record<string, unknown> {
  const ids = (query.get('ids') ?? '').split(',').filter(Boolean);
  return Object.fromEntries(
    ids.map((id) => {
      const found = sandbox.get(id);
      return [id, found ? engagement(id, Date.now() - found.at) : null];
    }),
  );
}

/** The account whose token was sent; undefined when it is no account's, or an expired one's. */
function bearer(request: LocalRequest): string | undefined {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const name = accountSchema.safeParse(token);
  return name.success && !isExpired(name.data) ? name.data : undefined;
}

function isExpired(account: string): boolean {
  return account.startsWith('expired-');
}

function unauthorized(): LocalAnswer {
  return jsonAnswer(401, { error: 'this account’s token has expired or is none' });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
