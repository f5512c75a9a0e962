import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { defaultOutcome, readFailure, reasonOf } from '../outcome.ts';
import type { HttpAnswer, MeasureFailure, Outcome } from '../provider.ts';
import { tokenFields } from '../token-renewal.ts';

export const googleBusinessCredential = z.strictObject({
  ...tokenFields,
  location: z
    .string()
    .regex(/^accounts\/\d{1,30}\/locations\/\d{1,30}$/, 'must look like accounts/<number>/locations/<number>')
    .describe('The business that is posted for, as both APIs together name it'),
});
export type GoogleBusinessCredential = z.infer<typeof googleBusinessCredential>;

/** Posts have stayed on version 4, the rest has moved: https://developers.google.com/my-business/content/sunset-dates */
export type GoogleHosts = {
  readonly posts: string;
  readonly accounts: string;
  readonly locations: string;
  readonly tokenUrl: string;
};
export const GOOGLE_HOSTS: GoogleHosts = {
  posts: 'https://mybusiness.googleapis.com',
  accounts: 'https://mybusinessaccountmanagement.googleapis.com',
  locations: 'https://mybusinessbusinessinformation.googleapis.com',
  tokenUrl: 'https://oauth2.googleapis.com/token',
};

export const postsOf = (hosts: GoogleHosts, { location }: GoogleBusinessCredential): string =>
  `${hosts.posts}/v4/${location}/localPosts`;

export const isGoogleGone = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' && answer.status === 404;

/** What an answer that is no success means, by the `status` of https://cloud.google.com/apis/design/errors. */
export function googleFailure(answer: HttpAnswer, now: Instant): Outcome {
  const error = answer.kind === 'answered' ? errorSchema.safeParse(answer.json).data?.error : undefined;
  if (answer.kind !== 'answered' || error === undefined) return defaultOutcome(answer, now);
  const detail = error.details.flatMap(({ errorDetails }) => errorDetails.map(({ message }) => message))[0];
  const words = { ...answer, json: { message: [error.message, detail].filter(Boolean).join(' ') } };
  const outcome = defaultOutcome(words, now);
  if (error.details.some(({ metadata }) => metadata?.quota_limit_value === '0')) {
    return { kind: 'rejected', code: 'configuration', reason: NO_QUOTA };
  }
  const kept = answer.status === 429 || answer.status >= 500;
  if (kept) return outcome;
  const code = error.details.some(({ reason }) => reason !== undefined && NOT_APPROVED.has(reason))
    ? 'configuration'
    : CODES[error.status];
  if (code === undefined) return outcome;
  return code === 'unauthorized'
    ? { kind: 'unauthorized', reason: reasonOf(words) }
    : { kind: 'rejected', code, reason: reasonOf(words) };
}

/** The same for reads, after which nothing is public. */
export const googleReadFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(googleFailure(answer, now));

export const googleReason = (outcome: Outcome): string =>
  'reason' in outcome ? outcome.reason : 'too many requests';

/** What every app has until its form is approved: https://developers.google.com/my-business/content/prereqs */
const NO_QUOTA = 'Google has not approved the app for this API yet: it may make 0 requests a minute';

/** The agency's app may not use this API (yet), whoever logs in. */
const NOT_APPROVED = new Set(['SERVICE_DISABLED', 'CONSUMER_INVALID', 'API_KEY_SERVICE_BLOCKED']);

const CODES: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'unauthorized',
  // Whose login it is manages this business no more.
  PERMISSION_DENIED: 'unauthorized',
  INVALID_ARGUMENT: 'content_refused',
  FAILED_PRECONDITION: 'needs_person',
  NOT_FOUND: 'configuration',
};

const errorSchema = z.object({
  error: z.object({
    status: z.string().default(''),
    message: z.string().default(''),
    details: z
      .array(
        z.object({
          reason: z.string().optional(),
          metadata: z.record(z.string(), z.unknown()).optional().catch(undefined),
          errorDetails: z.array(z.object({ message: z.string().default('') })).default([]),
        }),
      )
      .catch([])
      .default([]),
  }),
});
