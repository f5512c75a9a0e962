import type { Channel } from '../domain/channel.ts';
import type { Variant } from '../domain/content.ts';
import { type Finding, finding } from '../domain/finding.ts';
import { networkOf } from '../domain/network-names.ts';
import type { PostInput } from '../domain/post.ts';
import { findingsOf } from '../domain/schema-findings.ts';
import type { AnyProvider } from '../ports.ts';

type Post = {
  readonly input: PostInput;
  /** Of all listed channels. */
  readonly providers: readonly (AnyProvider | undefined)[];
};

/** The network's own rules; paths are within the variant. */
export function checkVariant(
  provider: AnyProvider,
  channel: Channel,
  variant: Variant,
  { input, providers }: Post,
): Finding[] {
  const said = { ...saidTo(channel, input)?.[1].options, ...input.variants[channel.id]?.options };
  // Options in the base speak to every network: somebody must know them, and only what is said to this one this one.
  const concerns = ({ path, rule }: Finding): boolean => {
    const [, , key = '', ...inner] = path.split('/');
    if (rule !== 'unknown_field' || inner.length > 0 || key in said) return true;
    return !providers.some((one) => one && knows(one, key));
  };
  return [
    ...checkOptions(provider, variant.options).filter(concerns),
    ...provider.check(variant, channel.facts),
    ...garbled(variant),
  ];
}

/** Umlauts that came in another encoding than UTF-8 are lost by now, and readers would see it first. */
function garbled({ text, thread = [], firstComment = '' }: Variant): Finding[] {
  return Object.entries({ text: [text], thread, firstComment: [firstComment] })
    .filter(([, texts]) => texts.some((one) => one.includes('\u{fffd}')))
    .map(([field]) => finding('warning', 'text_garbled', `/${field}`));
}

/** What is wrong with a variant's options; paths start with `/options`. */
export function checkOptions(
  { options }: Pick<AnyProvider, 'options'>,
  said: Variant['options'] = {},
): Finding[] {
  const read = options.safeParse(said, { reportInput: true });
  return findingsOf(read.error?.issues ?? []).map((one) => ({
    ...one,
    rule: one.rule === 'invalid_value' ? 'option_invalid' : one.rule,
    path: `/options${one.path}`,
  }));
}

const knows = (provider: AnyProvider, key: string): boolean =>
  !checkOptions(provider, { [key]: null }).some(({ rule }) => rule === 'unknown_field');

/** A path is led back to where the author wrote the field. */
export const placed = (findings: readonly Finding[], channel: Channel, input: PostInput): Finding[] =>
  findings.map((one) => ({ ...one, path: authored(one.path, channel, input), channelId: channel.id }));

/** The variant for a channel's network, under the name that the author gave it. */
const saidTo = ({ network }: Channel, { variants }: PostInput) =>
  Object.entries(variants).find(([key]) => networkOf(key) === network);

function authored(path: string, channel: Channel, input: PostInput): string {
  const [, field = ''] = path.split('/');
  for (const key of [channel.id, saidTo(channel, input)?.[0] ?? channel.network]) {
    const override = input.variants[key] as Record<string, unknown> | undefined;
    if (override && override[field] !== undefined) return `/variants/${pointer(key)}${path}`;
  }
  return `/content${path}`;
}

/** A key as a JSON pointer's token (RFC 6901). */
export const pointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
