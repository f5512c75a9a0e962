import type { ZodType } from 'zod';
import * as z from 'zod';
import { keyInput } from '../../shared/domain/agency.ts';
import { brandInput, reportRecipientSchema } from '../../shared/domain/brand.ts';
import { channelInput } from '../../shared/domain/channel.ts';
import { contentSchema } from '../../shared/domain/content.ts';
import { holdInput } from '../../shared/domain/hold.ts';
import { latePolicySchema } from '../../shared/domain/late-policy.ts';
import { loginInput } from '../../shared/domain/login.ts';
import { mediaInput } from '../../shared/domain/media.ts';
import { dueAtInput, postInput } from '../../shared/domain/post.ts';
import { wallClockInput } from '../../shared/domain/wall-clock.ts';

/**
 * Gives the domain's schemas the names and words that the document shows. Only the document needs them, so they
 * stand here and not in every function.
 */
export function nameFields(): void {
  for (const [id, schema] of NAMES) z.globalRegistry.add(schema, { id });
  for (const [schema, texts] of TEXTS) {
    for (const [field, description] of Object.entries(texts)) {
      const known = schema[field];
      if (known === undefined) throw new Error(`there is no field ${field} to describe`);
      z.globalRegistry.add(known, { ...z.globalRegistry.get(known), description });
    }
  }
}

const NAMES: readonly (readonly [string, ZodType])[] = [
  ['Content', contentSchema],
  ['DueAt', dueAtInput],
  ['WallClock', wallClockInput],
  ['LatePolicy', latePolicySchema],
  ['ReportRecipient', reportRecipientSchema],
];

type Texts = readonly [Readonly<Record<string, ZodType>>, Readonly<Record<string, string>>];
const TEXTS: readonly Texts[] = [
  [
    brandInput.shape,
    {
      timeZone: 'IANA name; local times of posts and the report are meant in it',
      locale: 'Language of the mails: `de` or `en`, with or without a region',
      latePolicy: 'What becomes of posts that could not go out in time; a post may say otherwise',
      alerts: 'Who hears within a minute that something failed; for the agency, not the client',
      report: 'When the weekly report goes out, in the brand’s time zone, and to whom',
    },
  ],
  [
    reportRecipientSchema.shape,
    {
      locale: 'The brand’s, unless told',
      audience: '`client` reads plain words, `agency` also codes and milliseconds; `client` unless told',
    },
  ],
  [
    channelInput.shape,
    {
      network: 'An `id` of `GET /v1/networks`',
      credential: 'As that network’s `credential` schema wants it; kept encrypted, never shown again',
      options: 'The channel’s own settings, as the network’s `options` schema wants them',
      assisted: 'A person publishes by hand, asked by mail; `credential` says who and where',
      shared: 'Take an account that another brand has connected already',
    },
  ],
  [
    loginInput.shape,
    {
      network: 'An `id` of `GET /v1/networks` with the capability `login`',
      name: 'Of the channel; the account’s own, unless told',
      shared: 'Take an account that another brand has connected already',
      reconnect: 'Id of a channel of this brand that gets a new login, instead of a new channel',
      returnUrl: 'Where the last page leads back to',
    },
  ],
  [
    contentSchema.shape,
    {
      media: 'Ids of uploaded files, with what a reader who cannot see them is told',
      link: 'Shown under the text, or as the network shows links',
      thread: 'Further posts, each answering the one before',
      firstComment: 'Posted under the post',
      options: 'What only one network knows; best told in `variants`',
    },
  ],
  [
    mediaInput.shape,
    {
      type: 'What it is; the bytes are held against it',
      bytes: 'Its exact length',
      sha256: 'Of its bytes, lower-case hexadecimal: what comes is held against it',
    },
  ],
  [
    postInput.shape,
    {
      content: 'What is said everywhere, unless a variant says otherwise',
      variants:
        'By network or channel id: fields that differ there. A channel’s go before its network’s, both before ' +
        '`content`; `null` takes a field away',
      channels: 'Ids of the brand’s channels',
      dueAt: 'When; only a draft may leave it out',
      latePolicy: 'The brand’s, unless told',
      labels: 'For your own sorting',
      draft: 'Kept without being queued',
    },
  ],
  [
    wallClockInput.shape,
    {
      timeZone: 'The brand’s, unless told',
      disambiguation: 'Which one, when the clocks go back and the time comes twice',
    },
  ],
  [
    latePolicySchema.shape,
    {
      maxLate: 'ISO 8601 duration that a post may be late; `null`: however late',
      otherwise: 'Beyond that: give it up, or hold it until a person decides',
    },
  ],
  [
    keyInput.shape,
    { actor: 'Whose it is; stands beside everything done with it', brandIds: 'Every brand, unless told' },
  ],
  [
    holdInput.shape,
    {
      scope: 'The whole agency, one brand, or one channel',
      until: 'It ends by itself then; without it, never',
    },
  ],
];
