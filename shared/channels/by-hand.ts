import * as z from 'zod';
import { type Attachment, fileFor, kindOf } from '../domain/media.ts';
import type { Task } from '../domain/task.ts';
import { HOUR, type Instant } from '../domain/time.ts';
import { pageKey } from '../domain/web-page.ts';
import type { Limits, Provider, PublishRequest } from './provider.ts';

const byHandCredential = z.strictObject({
  responsible: z.email().max(254).describe('Who publishes: gets a mail for each post at its time'),
  name: z.string().trim().min(1).max(100).optional().describe('Of the responsible person, for the mail'),
  profileUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .describe('Where the posts appear: the profile, page or group. It stands for the account'),
  handle: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe('What people call the account; the end of its address unless told'),
});
export type ByHandCredential = z.infer<typeof byHandCredential>;

/** What of a network stays in force when people publish there: its rules, and none of its API. */
export type NetworkRules<Options> = Pick<
  Provider<never, Options>,
  'id' | 'name' | 'limits' | 'countText' | 'options' | 'render' | 'check'
> & {
  /** The address of the network's own form for this variant; undefined where there is none. */
  readonly deepLink?: (variant: PublishRequest<never>['variant']) => string | undefined;
};

/** Reminded after so long, once; given to the agency to clear up when nobody has said anything for so long. */
const REMINDED_AFTER = HOUR;
const WAITS = 48 * HOUR;

/**
 * A network at which a person publishes: asked by mail at the time, who says on a page what became of it. We send
 * nothing, so nothing of ours can be out without that person. An answer that does not come proves nothing either:
 * then the delivery is unclear, never failed.
 */
export function byHand<Options>(rules: NetworkRules<Options>): Provider<ByHandCredential, Options> {
  const { id, name, limits, countText, options, render, check } = rules;
  const safety = { kind: 'blind' } as const;
  return {
    id,
    name,
    limits,
    countText,
    credential: byHandCredential,
    options,
    render,
    check,
    safety,
    verify: async (credential) => ({ kind: 'verified', account: accountOf(credential), facts: {} }),

    async publish(_request, context) {
      await context.ask('first');
      const askedAt = context.now();
      return {
        kind: 'pending',
        handle: written({ askedAt }),
        checkAt: askedAt + REMINDED_AFTER,
        asked: true,
      };
    },

    async poll({ delivery }, context) {
      const now = context.now();
      const { askedAt, reminded } = read(delivery.handle, now);
      if (now >= askedAt + WAITS) return { kind: 'uncertain', reason: SILENCE };
      // Somebody may be publishing at this moment: that they are not reminded must not end the attempt.
      const again =
        reminded ||
        (await context.ask('reminder').then(
          () => true,
          () => false,
        ));
      const checkAt = again ? askedAt + WAITS : Math.min(now + REMINDED_AFTER, askedAt + WAITS);
      return { kind: 'pending', handle: written({ askedAt, ...(again ? { reminded: true } : {}) }), checkAt };
    },

    assisted: {
      task: (variant, { responsible, name: called, profileUrl }): Task => {
        const { link, thread = [], firstComment, poll, media = [] } = variant;
        const deepLink = rules.deepLink?.(variant);
        return {
          responsible: { email: responsible, ...(called === undefined ? {} : { name: called }) },
          text: render(variant),
          ...(link === undefined ? {} : { link }),
          thread,
          ...(firstComment === undefined ? {} : { firstComment }),
          ...(poll === undefined ? {} : { poll }),
          options: settingsOf(options, variant.options ?? {}),
          media: media.flatMap((one) => handed(one, limits)),
          ...(deepLink === undefined ? {} : { deepLink }),
          profileUrl,
        };
      },
    },
  };
}

const SILENCE = 'Nobody has said within 48 hours whether it was published.';

/** The address stands for the account: the same profile under another spelling of it is the same account. */
function accountOf({ profileUrl, handle }: ByHandCredential) {
  const { hostname, pathname } = new URL(profileUrl);
  const last = pathname.split('/').findLast((part) => part !== '');
  return { id: `by-hand:${pageKey(profileUrl)}`, handle: handle ?? last ?? hostname, url: profileUrl };
}

const handleSchema = z.object({ askedAt: z.int(), reminded: z.boolean().default(false) });
const written = (handle: z.input<typeof handleSchema>): string => JSON.stringify(handle);

function read(handle: string | undefined, now: Instant): z.infer<typeof handleSchema> {
  return handleSchema.parse(handle === undefined ? { askedAt: now } : JSON.parse(handle));
}

/** Options in a post's base speak to every network; here stand those that this one knows. */
function settingsOf(schema: z.ZodType, given: Readonly<Record<string, unknown>>): Task['options'] {
  const issues = schema.safeParse(given).error?.issues ?? [];
  const unknown = issues.flatMap((one) =>
    one.code === 'unrecognized_keys' && one.path.length === 0 ? one.keys : [],
  );
  return Object.entries(given)
    .filter(([name]) => !unknown.includes(name))
    .map(([name, value]) => ({ name, value: typeof value === 'string' ? value : JSON.stringify(value) }));
}

/** The file that the network takes, as it would get it from us. */
function handed(attachment: Attachment, { media }: Limits): Task['media'] {
  const [original] = attachment.files;
  if (original === undefined) return [];
  const rules = media?.[kindOf(original.type)];
  const fits = rules === undefined ? original : fileFor(attachment, rules);
  return [
    { name: attachment.fileName, alt: attachment.alt, file: typeof fits === 'string' ? original : fits },
  ];
}
