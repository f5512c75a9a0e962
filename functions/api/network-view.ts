import * as z from 'zod';
import { RETIRED_NETWORKS } from '../../shared/domain/network-names.ts';
import type { AnyProvider } from '../../shared/ports.ts';
import type { Language } from './answers.ts';

const CAPABILITIES = [
  'metrics',
  'find',
  'edit',
  'remove',
  'poll',
  'login',
  'renewal',
  'price',
  'assisted',
] as const;

const jsonSchemaAnswer = z.record(z.string(), z.unknown()).describe('JSON Schema');

export const networkSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    limits: z.object({
      text: z.int().nullable().describe('Longest text by this network’s own count; null: no limit'),
      unit: z.enum(['graphemes', 'characters', 'utf16', 'bytes']).describe('What is counted'),
      media: z
        .record(z.string(), z.unknown())
        .optional()
        .describe('How many files, and what each may be; absent: none'),
      thread: z.int().optional().describe('Most posts that may follow the first; absent: no threads'),
      firstComment: z.int().optional().describe('Longest first comment; absent: none'),
      poll: z.record(z.string(), z.unknown()).optional().describe('Absent: no polls'),
    }),
    credential: jsonSchemaAnswer,
    options: jsonSchemaAnswer,
    metrics: z
      .record(z.string(), z.string())
      .describe('What each told metric means here; one that is not named is never told'),
    safety: z.object({
      kind: z.enum(['idempotent', 'findable', 'blind']),
      meaning: z.string().describe('What happens when the network does not answer clearly'),
    }),
    capabilities: z.array(z.enum(CAPABILITIES)),
    api: z
      .object({
        version: z.string(),
        endsOn: z.string().optional().describe('The day from which requests with this version fail'),
        source: z.string(),
      })
      .optional()
      .describe('Which dated version of its API is spoken'),
  })
  .meta({ id: 'Network' });

export const retiredSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    retiredOn: z.string().describe('The day on which posting ended; the year alone where no day was told'),
    why: z.string().describe('English or German by Accept-Language'),
    successors: z.array(z.string()).describe('Networks of this list that take its place'),
    source: z.string().optional(),
  })
  .meta({ id: 'RetiredNetwork' });

/** Networks that old plans still name, with what took their place. */
export const presentRetired = (language: Language): z.infer<typeof retiredSchema>[] =>
  RETIRED_NETWORKS.map((one) => ({ ...one, why: one.why[language], successors: [...one.successors] }));

/** What a network wants, as JSON Schema. */
export type NetworkSchemas = Pick<z.infer<typeof networkSchema>, 'credential' | 'options'>;

export function presentNetwork(
  provider: AnyProvider,
  { credential, options }: NetworkSchemas,
): z.infer<typeof networkSchema> {
  const { id, name, limits, metrics, safety } = provider;
  return {
    id,
    name,
    limits: { ...limits },
    credential,
    options,
    metrics: { ...metrics?.told },
    safety: { kind: safety.kind, meaning: meaningFor(provider) },
    capabilities: CAPABILITIES.filter((name) => provider[name] !== undefined),
    ...(provider.api === undefined ? {} : { api: { ...provider.api } }),
  };
}

function meaningFor({ safety, safetyFor }: AnyProvider): string {
  const better = ' Accounts whose posts can be listed (a page’s, say) are searched before that.';
  return `${meaningOf(safety)}${safetyFor === undefined ? '' : better}`;
}

function meaningOf(safety: AnyProvider['safety']): string {
  switch (safety.kind) {
    case 'idempotent':
      return (
        `The network recognises a repeated request for ${safety.forMinutes} minutes: within that time an unclear ` +
        'answer is cleared up by sending the very same request again, and no second post comes of it.'
      );
    case 'findable':
      return (
        'After an unclear answer the account is searched for the post; only if it is still absent ' +
        `${safety.findAfterSeconds} seconds after the attempt began is it sent again.`
      );
    case 'blind':
      return (
        'Nobody but a person can tell whether a post is out after an unclear answer: the delivery becomes ' +
        'uncertain, and nothing is sent again by itself.'
      );
  }
}
