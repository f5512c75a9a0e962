import { expect, onTestFinished } from 'vitest';
import type { Outcome } from '../../shared/channels/provider.ts';
import { youtube } from '../../shared/channels/youtube.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { attempt } from './attempt.ts';
import { DUE_AT } from './builders.ts';
import { ACCESS_TOKEN, CHANNEL_ID, type FakeYoutubeOptions, fakeYoutube } from './fake-networks/youtube.ts';
import { anAttachment } from './media.ts';
import { providerContext, type TestContextOptions } from './provider-context.ts';
import { aPublishRequest } from './provider-request.ts';

const credential = { accessToken: ACCESS_TOKEN };
export const OPTIONS = { title: 'Rye bread', madeForKids: false };

/** A fake YouTube, a provider that looks at it, and one video to publish there, step by step. */
export async function youtubeWorld({
  bytes = 300_000,
  said = {},
  fake = {},
  given = {},
}: {
  bytes?: number;
  said?: Partial<Variant>;
  fake?: FakeYoutubeOptions;
  given?: TestContextOptions;
} = {}) {
  const network = await fakeYoutube(fake);
  onTestFinished(network.close);
  const provider = youtube(network.url, `${network.url}/token`);
  const variant = {
    text: 'How we bake it.',
    media: [anAttachment('bread', { type: 'video/mp4', bytes, alt: '' })],
    options: OPTIONS,
    ...said,
  };
  const account = { id: CHANNEL_ID, handle: '@bakery', url: 'https://www.youtube.com/' };
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
  const start = async () => handleOf(await provider.publish(request, context));
  return {
    network,
    provider,
    request,
    context,
    poll,
    find,
    start,
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
