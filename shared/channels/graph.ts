import * as z from 'zod';
import { DAY, HOUR, type Instant, MINUTE } from '../domain/time.ts';
import { clip, defaultOutcome, harmless, readFailure, reasonOf, retryAfter } from './outcome.ts';
import type { Context, HttpAnswer, HttpRequest, MeasureFailure, Outcome } from './provider.ts';

/** One of Meta's Graph APIs, its version included, and by whose token it is asked. */
export type Graph = { readonly base: string; readonly accessToken: string };

/** Parameters of a request; what is undefined is left out. Lists and objects go as JSON, as Graph reads them. */
export type GraphFields = Readonly<Record<string, string | undefined>>;

/** How a call without success ended. */
export type GraphFailure = Exclude<Outcome, { kind: 'published' | 'pending' }>;

export const graphGet = (graph: Graph, path: string, query: GraphFields = {}): HttpRequest => ({
  method: 'GET',
  url: `${graph.base}/${path}${Object.keys(query).length === 0 ? '' : `?${formOf(query)}`}`,
  headers: { authorization: `Bearer ${graph.accessToken}` },
});

export const graphPost = (graph: Graph, path: string, fields: GraphFields): HttpRequest => ({
  method: 'POST',
  url: `${graph.base}/${path}`,
  headers: {
    authorization: `Bearer ${graph.accessToken}`,
    'content-type': 'application/x-www-form-urlencoded',
  },
  body: formOf(fields),
});

export const graphDelete = (graph: Graph, id: string): HttpRequest => ({
  method: 'DELETE',
  url: `${graph.base}/${encodeURIComponent(id)}`,
  headers: { authorization: `Bearer ${graph.accessToken}` },
});

/** What a success says; undefined for every other answer, and for one that says something else. */
export function graphOk<Shape>(answer: HttpAnswer, shape: z.ZodType<Shape>): Shape | undefined {
  const succeeded = answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
  return succeeded ? shape.safeParse(answer.json).data : undefined;
}

/** Ids are numbers of up to 20 digits, sent as text and at times as numbers. */
export const graphId = z.union([z.string().min(1), z.int().transform(String)]);
export const withId = z.object({ id: graphId });

/** What a text says as JSON; undefined when it is none. */
export function jsonOf(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text as it is compared: Meta gives texts back with other white space. */
export const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

/** What an error asks for. */
export type GraphFault =
  /** It may pass; whether the request had its effect is not said. */
  | 'retry'
  | 'limit'
  | 'brake'
  | 'quota'
  | 'reconnect'
  | 'permission'
  | 'duplicate'
  | 'content'
  | 'media'
  | 'person'
  | 'configuration'
  /** Asked too early, certainly refused. */
  | 'not_ready'
  /** No such object, or none that this token may see. */
  | 'missing';

/**
 * Subcodes go before codes: they say more. From
 * https://developers.facebook.com/docs/graph-api/guides/error-handling and
 * https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes
 */
const SUBCODES: Readonly<Record<number, GraphFault>> = {
  33: 'missing',
  ...each('reconnect', 458, 459, 460, 463, 464, 467, 492),
  ...each('retry', 2207001, 2207003, 2207006, 2207008, 2207020, 2207032, 2207052, 2207053, 2207082),
  ...each('retry', 1363047, 1609010),
  ...each('not_ready', 2207027, 4279009),
  ...each('quota', 2207042),
  ...each('brake', 2207051, 1390008),
  ...each('media', 2207004, 2207005, 2207009, 2207026, 2207028, 1366046),
  ...each('content', 2207010, 2207040, 2207081, 1346003, 1404102, 1609005, 1609008, 2061006),
  ...each('person', 2207050, 4279013, 1404078, 4854002),
};
const CODES: Readonly<Record<number, GraphFault>> = {
  ...each('retry', -2, -1, 1, 2, 390),
  ...each('limit', 4, 17, 32, 341, 613, 80001, 80002, 80006),
  ...each('brake', 368, 1390008),
  ...each('reconnect', 102, 190),
  ...each('permission', 10),
  ...each('duplicate', 506),
  ...each('media', 324, 352, 382, 389, 6000, 36000, 36001, 36003, 1366046),
  ...each('content', 100, 36004, 1346003, 1404102, 1609005, 1609008, 2061006),
  ...each('person', 25, 1404078, 4854002),
  // No such method or version: nothing that another text would change.
  ...each('configuration', 3, 12, 2635),
  ...each('missing', 803),
  ...each('not_ready', 9007),
  ...each('quota', 9),
};

/** The fault that an answer names; undefined when it names none that is known. */
export function faultOf(answer: HttpAnswer): GraphFault | undefined {
  const error = errorOf(answer);
  if (error === undefined) return undefined;
  const { code, error_subcode: subcode, is_transient: transient } = error;
  const known = SUBCODES[subcode ?? 0] ?? CODES[code];
  if (known !== undefined) return known;
  if (code >= 200 && code <= 299) return 'permission';
  if (/LINK_LIMIT_EXCEEDED/.test(error.message)) return 'content';
  return transient ? 'retry' : undefined;
}

/** The fault that words name by its subcode, as the state of a container does. */
export const faultIn = (words: string): GraphFault | undefined =>
  SUBCODES[Number(/\b\d{7}\b/.exec(words)?.[0])];

const CODE_OF: Readonly<Partial<Record<GraphFault, string>>> = {
  duplicate: 'duplicate',
  content: 'content_refused',
  media: 'media_refused',
  person: 'needs_person',
  configuration: 'configuration',
};
/** How long to wait where Meta does not say: quotas move with their 24 hours, brakes are let go by hours. */
const WAITS: Readonly<Partial<Record<GraphFault, number>>> = {
  limit: 15 * MINUTE,
  quota: HOUR,
  brake: 4 * HOUR,
};

/** What an answer without success means after the irreversible request. */
export function graphOutcome(answer: HttpAnswer, now: Instant): GraphFailure {
  const fault = faultOf(answer);
  if (answer.kind !== 'answered' || fault === undefined) {
    const failure = defaultFailure(answer, now);
    // Under any status may stand a page that something went wrong: https://github.com/facebookarchive/php-graph-sdk/issues/1259
    const isPage = answer.kind === 'answered' && answer.status >= 400 && /^\s*</.test(answer.text);
    return isPage && failure.kind === 'rejected' ? { kind: 'uncertain', reason: failure.reason } : failure;
  }
  const reason = graphReason(answer);
  const wait = WAITS[fault];
  if (wait !== undefined)
    return { kind: 'rateLimited', retryAt: regainAt(answer.headers, now) ?? now + wait };
  const code = CODE_OF[fault];
  if (code !== undefined) return { kind: 'rejected', code, reason };
  if (fault === 'retry') return { kind: 'uncertain', reason };
  return fault === 'not_ready' ? { kind: 'unavailable', reason } : { kind: 'unauthorized', reason };
}

/** The same where nothing can have become public: uploads, containers, reads that are needed. */
export const graphStepFailure = (answer: HttpAnswer, now: Instant) =>
  harmless(graphOutcome(answer, now)) as Exclude<GraphFailure, { kind: 'uncertain' }>;

/** The same while measuring, where a refusal is worth another try. */
export const graphReadFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(graphOutcome(answer, now));

/** What a look that failed says of itself. */
export function graphReason(answer: HttpAnswer): string {
  if (answer.kind !== 'answered') return clip(answer.reason);
  const { error_user_msg: said, message } = errorOf(answer) ?? {};
  // What Meta means for people says what is wrong; `message` is often no more than “Invalid parameter”.
  return reasonOf(
    said === undefined && message === undefined ? answer : { ...answer, json: { message: said || message } },
  );
}

/** Was a part of a post that stands already refused for good? A right that only comments need is no lost login. */
export const isPartRefused = (failure: GraphFailure, answer: HttpAnswer): boolean =>
  failure.kind === 'rejected' || ['permission', 'missing'].includes(faultOf(answer) ?? '');

/**
 * Does an answer say that the object is gone? Meta says the same of one that the token may not see, so the token
 * must be good enough to read its own account.
 */
export async function isGone(graph: Graph, answer: HttpAnswer, context: Context): Promise<boolean> {
  if (faultOf(answer) !== 'missing') return false;
  return graphOk(await context.http(graphGet(graph, 'me', { fields: 'id' })), withId) !== undefined;
}

const insight = z.object({
  name: z.string(),
  period: z.string().optional(),
  values: z.array(z.object({ value: z.unknown() })).optional(),
  total_value: z.object({ value: z.unknown() }).optional(),
});

/** Numbers by metric; what is told otherwise, or not at all, is not in it. Of several periods the whole counts. */
export function insightsOf(json: unknown): Readonly<Record<string, number>> {
  const told = z.object({ data: z.array(insight) }).safeParse(json).data?.data ?? [];
  const isWhole = ({ period }: z.infer<typeof insight>): number => Number(period === 'lifetime');
  return Object.fromEntries(
    told
      .toSorted((a, b) => isWhole(a) - isWhole(b))
      .flatMap(({ name, values, total_value }) => {
        const value = total_value?.value ?? values?.at(-1)?.value;
        return typeof value === 'number' ? [[name, value]] : [];
      }),
  );
}

/** How many more may be published in this account's moving 24 hours; undefined when it is not told. */
export function quotaLeft(json: unknown, usage = 'quota_usage', config = 'config'): number | undefined {
  const told = z.object({ data: z.array(z.record(z.string(), z.unknown())) }).safeParse(json).data?.data[0];
  const used = z.int().safeParse(told?.[usage]).data;
  const total = z.object({ quota_total: z.int() }).safeParse(told?.[config]).data?.quota_total;
  return used === undefined || total === undefined ? undefined : total - used;
}

const errorBody = z.object({
  error: z.object({
    message: z.string().default(''),
    code: z.int(),
    error_subcode: z.int().optional().catch(undefined),
    is_transient: z.boolean().optional().catch(undefined),
    error_user_msg: z.string().optional().catch(undefined),
  }),
});

const errorOf = (answer: HttpAnswer) =>
  answer.kind === 'answered' ? errorBody.safeParse(answer.json).data?.error : undefined;

/** `defaultOutcome` is asked about failures only, and never makes a success of one. */
const defaultFailure = (answer: HttpAnswer, now: Instant): GraphFailure =>
  defaultOutcome(answer, now) as GraphFailure;

/** `X-Business-Use-Case-Usage` tells minutes, https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
function regainAt(headers: Readonly<Record<string, string>>, now: Instant): Instant | undefined {
  const told = retryAfter(headers, now);
  if (told !== undefined) return told;
  const cases = usage.safeParse(jsonOf(headers['x-business-use-case-usage'])).data ?? {};
  const minutes = Object.values(cases).flatMap((ones) =>
    ones.map((one) => one.estimated_time_to_regain_access),
  );
  const longest = Math.max(0, ...minutes);
  return longest > 0 ? now + Math.min(longest * MINUTE, DAY) : undefined;
}

const usage = z.record(
  z.string(),
  z.array(z.object({ estimated_time_to_regain_access: z.number().catch(0) })).catch([]),
);

const formOf = (fields: GraphFields): string => {
  const told = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return new URLSearchParams(told).toString();
};

function each(fault: GraphFault, ...codes: readonly number[]): Record<number, GraphFault> {
  return Object.fromEntries(codes.map((code) => [code, fault]));
}
