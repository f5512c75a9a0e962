import type { Brand } from '../domain/brand.ts';
import { type Channel, works } from '../domain/channel.ts';
import type { Content, Variant, VariantContent } from '../domain/content.ts';
import { endsBefore } from '../domain/credential-end.ts';
import { type DueAt, readDueAt } from '../domain/due-at.ts';
import { type Finding, finding } from '../domain/finding.ts';
import { networkOf, unofferedNetwork } from '../domain/network-names.ts';
import type { PostInput } from '../domain/post.ts';
import { DAY, toRfc3339 } from '../domain/time.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { channelProvider } from './channel-provider.ts';
import { checkVariant, placed, pointer } from './check-variant.ts';
import { variantFor } from './variant-for.ts';

/** One channel's part of a plan. `due` is absent for a draft that does not say when. */
export type Planned = {
  readonly channel: Channel;
  readonly provider: AnyProvider;
  /** The content's part of the variant, as it is stored. */
  readonly said: VariantContent;
  readonly variant: Variant;
  readonly due?: DueAt;
};

/** In the order of the request; undefined where there is none. */
export type Listed = readonly (Channel | undefined)[];

export type Plan = {
  readonly content: Content;
  readonly planned: readonly Planned[];
  readonly dueAt?: number;
  /** With an `error` among them nothing may be queued. */
  readonly findings: readonly Finding[];
};

/**
 * Works out what a request would do: channels found, variants resolved and checked by each channel's own rules,
 * times read. Changes nothing; `validate` and `create` are this same code.
 */
export async function planPost(
  deps: Pick<Deps, 'channels' | 'provider' | 'clock' | 'media'>,
  {
    agencyId,
    brand,
    input,
    listed,
    promised,
    gone = new Map(),
  }: {
    agencyId: string;
    brand: Brand;
    input: PostInput;
    /** What `readListed` gave, if that was asked before. */
    listed?: Listed | undefined;
    promised?: ReadonlySet<number>;
    /** Channels that are deleted, with their networks: what is said to them stands, and nothing is planned. */
    gone?: ReadonlyMap<string, string>;
  },
): Promise<Plan> {
  const now = deps.clock.now();
  const findings: Finding[] = [];
  const content = contentOf(input);
  const channels = ofBrand(listed ?? (await readListed(deps, agencyId, input)), brand, input, {
    gone,
    findings,
  });
  await checkVariantKeys(
    deps,
    input,
    [...channels.map((one) => one?.network), ...[...gone].flat()],
    findings,
  );

  const times = timesOf(input, brand, { now, promised }, findings);
  const planned: Planned[] = [];
  const providers = await Promise.all(channels.map((channel) => channel && channelProvider(deps, channel)));
  let untimed = false;
  for (const [index, channel] of channels.entries()) {
    if (!channel) continue;
    const provider = providers[index];
    if (!provider) {
      findings.push(finding('error', 'unknown_network', `/channels/${index}`, { network: channel.network }));
      continue;
    }
    if (!works(channel)) {
      findings.push({
        ...finding('error', 'channel_not_connected', `/channels/${index}`, { name: channel.name }),
        channelId: channel.id,
      });
    }
    const { said, variant, missing } = await variantFor(deps, channel, content);
    const found = missing.map((n) => finding('error', 'unknown_media', `/media/${n}/mediaId`));
    const wrong = checkVariant(provider, channel, variant, { input, providers });
    findings.push(...placed([...found, ...wrong], channel, input));
    findings.push(...endingVersion(provider, now, `/channels/${index}`));
    const due = times.own.get(channel.id) ?? times.own.get(channel.network) ?? times.base;
    untimed ||= input.dueAt === undefined && !times.own.has(channel.id) && !times.own.has(channel.network);
    findings.push(...endingLogin(channel, due, `/channels/${index}`));
    planned.push({ channel, provider, said, variant, ...(due ? { due } : {}) });
  }
  if (untimed && !input.draft) findings.push(finding('error', 'time_required', '/dueAt'));
  return { content, planned, findings, ...(times.base ? { dueAt: times.base.at } : {}) };
}

/** When the post and its variants are due, these by channel or network; undefined for a time that cannot be read. */
function timesOf(
  input: PostInput,
  { timeZone }: Brand,
  { now, promised }: { now: number; promised: ReadonlySet<number> | undefined },
  findings: Finding[],
): { base: DueAt | undefined; own: ReadonlyMap<string, DueAt | undefined> } {
  const read = (dueAt: PostInput['dueAt'], path: string): DueAt | undefined => {
    if (dueAt === undefined) return undefined;
    const told = readDueAt(dueAt, timeZone, now, path, promised);
    if ('due' in told) return told.due;
    findings.push(told.finding);
    return undefined;
  };
  const base = read(input.dueAt, '/dueAt');
  const timed = Object.entries(input.variants).filter(([, { dueAt }]) => dueAt !== undefined);
  const own = timed.map(
    ([key, { dueAt }]) => [networkOf(key), read(dueAt, `/variants/${pointer(key)}/dueAt`)] as const,
  );
  return { base, own: new Map(own) };
}

/**
 * What is stored of the words: the variants without their times, which belong to the deliveries. A variant that says
 * nothing more is left out: the hash is that of the words, and these are the same.
 */
function contentOf(input: PostInput): Content {
  const variants = Object.entries(input.variants)
    .map(([key, { dueAt: _dueAt, ...override }]) => [networkOf(key), override] as const)
    .filter(([, override]) => Object.keys(override).length > 0);
  return { base: input.content, variants: Object.fromEntries(variants) };
}

/**
 * The channels that a request names, whosever they are: to be read beside what else it needs. As they stood a second
 * ago will do, because the gate looks again; but one that was connected just now must not be refused.
 */
export async function readListed(
  deps: Pick<Deps, 'channels'>,
  agencyId: string,
  { channels }: PostInput,
): Promise<Listed> {
  const lately = await deps.channels.getLately(agencyId, [...new Set(channels)]);
  const known = new Map(lately.filter(works).map((channel) => [channel.id, channel]));
  return Promise.all(channels.map((id) => known.get(id) ?? deps.channels.get(agencyId, id)));
}

function ofBrand(
  listed: Listed,
  brand: Brand,
  input: PostInput,
  { gone, findings }: { gone: ReadonlyMap<string, string>; findings: Finding[] },
): (Channel | undefined)[] {
  if (input.channels.length === 0 && !input.draft)
    findings.push(finding('error', 'channels_empty', '/channels'));
  return listed.map((channel, index) => {
    if (input.channels.indexOf(input.channels[index] ?? '') !== index) {
      findings.push(finding('error', 'channel_twice', `/channels/${index}`));
      return undefined;
    }
    if (!channel && gone.has(input.channels[index] ?? '')) return undefined;
    // Another brand's or agency's channel answers like one that does not exist.
    if (!channel || channel.brandId !== brand.id) {
      findings.push(finding('error', 'unknown_channel', `/channels/${index}`));
      return undefined;
    }
    return channel;
  });
}

/** `known`: networks of the listed channels, and what was deleted since. */
async function checkVariantKeys(
  deps: Pick<Deps, 'provider'>,
  input: PostInput,
  known: readonly (string | undefined)[],
  findings: Finding[],
): Promise<void> {
  const listed = new Set<string>(input.channels);
  const others = new Set(known);
  for (const key of Object.keys(input.variants)) {
    const path = `/variants/${pointer(key)}`;
    const meant = networkOf(key);
    if (meant !== key && Object.hasOwn(input.variants, meant)) {
      findings.push(finding('error', 'variant_twice', path, { key, other: meant }));
    } else if (!listed.has(key) && !others.has(meant)) {
      const isOurs = key.startsWith('chn_') || (await deps.provider(meant)) !== undefined;
      const { rule, params } = isOurs
        ? ({ rule: 'unknown_variant', params: { key } } as const)
        : unofferedNetwork(key);
      findings.push(finding('error', rule, path, params));
    }
  }
}

/** The channel will be gone by then, unless a person logs in again. */
function endingLogin(channel: Channel, due: DueAt | undefined, path: string): Finding[] {
  if (due === undefined || channel.ends === undefined || !endsBefore(channel, due.at)) return [];
  const params = { name: channel.name, endsAt: toRfc3339(channel.ends.at) };
  return [{ ...finding('warning', 'channel_expires_before', path, params), channelId: channel.id }];
}

/** The network's API is spoken in a version that will soon be refused. */
function endingVersion({ name: network, api }: AnyProvider, now: number, path: string): Finding[] {
  if (api?.endsOn === undefined || Date.parse(api.endsOn) > now + WARNED_BEFORE) return [];
  const { version, endsOn } = api;
  return [finding('warning', 'api_version_ends', path, { network, version, endsOn })];
}

const WARNED_BEFORE = 60 * DAY;
