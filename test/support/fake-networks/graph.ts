import type { Received, Reply } from './server.ts';

/** An error as every Graph API of Meta answers it. */
export const refusal = (status: number, code: number, message: string, subcode?: number): Reply => ({
  status,
  body: {
    error: {
      message,
      type: code === 190 ? 'OAuthException' : 'GraphMethodException',
      code,
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
      fbtrace_id: 'AbCdEfGh0123456',
    },
  },
});

export const badToken = (): Reply =>
  refusal(401, 190, 'Invalid OAuth access token - Cannot parse access token');

export const noObject = (id: string): Reply =>
  refusal(
    400,
    100,
    `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
    33,
  );

export const badParameter = (message: string): Reply => refusal(400, 100, `(#100) ${message}`);

/** Query and form together, as Graph takes them. */
export const givenTo = ({ url, body, headers }: Pick<Received, 'url' | 'body' | 'headers'>): Given => {
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
  return Object.fromEntries([...url.searchParams, ...(isForm ? new URLSearchParams(body) : [])]);
};
export type Given = Readonly<Record<string, string>>;

/** From the header, as everywhere, or from the parameters. */
export const tokenOf = (request: Received): string | undefined =>
  /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? givenTo(request).access_token;

/** `id,comments.limit(0).summary(total_count)` → `id`, `comments`. */
export const fieldsOf = (given: Given): readonly string[] =>
  (given.fields ?? 'id').split(/,(?![^()]*\))/).map((field) => field.replace(/[.{(].*$/, ''));

/** The fields that were asked for, and the id; a name that the object does not have fails the whole. */
export function pick(node: string, object: Readonly<Record<string, unknown>>, given: Given): Reply {
  const fields = fieldsOf(given);
  const unknown = fields.find((name) => !(name in object));
  if (unknown !== undefined)
    return badParameter(`Tried accessing nonexisting field (${unknown}) on node type (${node})`);
  const told = [...new Set(['id', ...fields])].filter((name) => object[name] !== undefined);
  return { status: 200, body: Object.fromEntries(told.map((name) => [name, object[name]])) };
}

/** A page of objects, newest first. */
export function list(
  node: string,
  objects: readonly Readonly<Record<string, unknown>>[],
  given: Given,
): Reply {
  const picked = objects
    .toReversed()
    .slice(0, Number(given.limit ?? 25))
    .map((object) => pick(node, object, given));
  return (
    picked.find(({ status }) => status !== 200) ?? {
      status: 200,
      body: { data: picked.map(({ body }) => body) },
    }
  );
}

/** Metrics as insights; one that does not exist (any more) fails the whole. */
export function insights(known: Readonly<Record<string, number>>, given: Given): Reply {
  const names = (given.metric ?? '').split(',');
  if (names.some((name) => !(name in known))) {
    return badParameter('The value must be a valid insights metric');
  }
  const data = names.map((name) => ({
    name,
    period: 'lifetime',
    values: [{ value: known[name] }],
    title: name,
  }));
  return { status: 200, body: { data } };
}

/** An instant as Meta writes it. */
export const graphTime = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, '+0000');

export const isPublicUrl = (url: string | undefined): boolean =>
  url !== undefined && URL.canParse(url) && /^https:\/\/[\x21-\x7e]+$/.test(url);
