import type { Brand } from '../domain/brand.ts';
import type { Finding } from '../domain/finding.ts';
import type { PostInput } from '../domain/post.ts';
import type { Deps } from '../ports.ts';
import { type Listed, planPost } from './plan-post.ts';

/** A post as one channel will show it, and how its network counts it. */
export type Preview = {
  readonly channelId: string;
  readonly network: string;
  readonly text: string;
  readonly count: number;
  readonly limit: number | null;
  readonly unit: string;
  /** What the network will charge, in US dollars; absent where it charges nothing. */
  readonly price?: { readonly usd: number; readonly source: string };
};

/** The dry run: the same findings that creating would give, and each channel's text with its count. Stores nothing. */
export async function validatePost(
  deps: Pick<Deps, 'channels' | 'provider' | 'clock' | 'media'>,
  request: { agencyId: string; brand: Brand; input: PostInput; listed?: Listed },
): Promise<{ findings: readonly Finding[]; channels: readonly Preview[] }> {
  const plan = await planPost(deps, request);
  const channels = plan.planned.map(({ channel, provider, variant }) => {
    const text = provider.render(variant);
    const count = provider.countText(text, channel.facts);
    const limit =
      typeof channel.facts.maxCharacters === 'number' ? channel.facts.maxCharacters : provider.limits.text;
    return {
      channelId: channel.id,
      network: channel.network,
      text,
      count,
      limit,
      unit: provider.limits.unit,
      ...(provider.price === undefined ? {} : { price: provider.price(variant) }),
    };
  });
  return { findings: plan.findings, channels };
}
