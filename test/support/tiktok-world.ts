import { expect, onTestFinished } from 'vitest';
import type { Outcome } from '../../shared/channels/provider.ts';
import { tiktok } from '../../shared/channels/tiktok.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { attempt } from './attempt.ts';
import { DUE_AT } from './builders.ts';
import {
  ACCESS_TOKEN,
  type FakeTiktokOptions,
  fakeTiktok,
  OPEN_ID,
  USERNAME,
} from './fake-networks/tiktok.ts';
import { anAttachment } from './media.ts';
import { providerContext, type TestContextOptions } from './provider-context.ts';
import { aPublishRequest } from './provider-request.ts';

const credential = { accessToken: ACCESS_TOKEN };
const account = { id: OPEN_ID, handle: USERNAME, url: `https://www.tiktok.com/@${USERNAME}` };
/** What the fake calls the first post. */
export const POST_ID = '7499999999999999991';

/** A fake TikTok, a provider that looks at it, and one video to publish there, step by step. */
export async function tiktokWorld({
  bytes = 300_000,
  said = {},
  fake = {},
  given = {},
}: {
  bytes?: number;
  said?: Partial<Variant>;
  fake?: FakeTiktokOptions;
  given?: TestContextOptions;
} = {}) {
  const network = await fakeTiktok(fake);
  onTestFinished(network.close);
  const provider = tiktok(network.url);
  const variant = {
    text: 'How we bake it.',
    media: [anAttachment('bread', { type: 'video/mp4', bytes, alt: '' })],
    options: { privacy: 'public' },
    ...said,
  };
  const request = aPublishRequest(credential, { variant, channel: { id: 'chn_a', account, facts: {} } });
  let now = DUE_AT;
  const context = providerContext({ now: () => now, ...given });
  const poll = (handle: string) =>
    provider.poll?.({ ...request, delivery: { ...request.delivery, handle } }, context) ?? expect.fail();
  const find = (handle: string | undefined, excluding: readonly string[] = []) => {
    const delivery = { ...request.delivery, ...(handle === undefined ? {} : { handle }) };
    const look = { since: DUE_AT, excluding: new Set(excluding) };
    return provider.find?.({ ...request, delivery, ...look }, context) ?? expect.fail();
  };
  return {
    network,
    provider,
    request,
    context,
    poll,
    find,
    publish: () => provider.publish(request, context),
    start: async () => handleOf(await provider.publish(request, context)),
    whole: () => attempt(provider, request, context),
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

/** The handle that a pending step has left. */
export function handleOf(outcome: Outcome): string {
  return outcome.kind === 'pending' ? outcome.handle : expect.fail(JSON.stringify(outcome));
}
