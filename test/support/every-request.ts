import type { Provider } from '../../shared/channels/provider.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { attempt } from './attempt.ts';
import { DUE_AT } from './builders.ts';
import type { FakeNetwork, Received } from './fake-networks/server.ts';
import { providerContext } from './provider-context.ts';

/**
 * Lets a provider do all it can on its fake network: the variants published one after another, each looked for with
 * the answer to its last request lost, edited, measured, removed. Throws when something else comes of it.
 */
export async function everyRequest<Credential>(
  provider: Provider<Credential>,
  network: FakeNetwork,
  credential: Credential,
  variants: readonly Variant[],
): Promise<readonly Received[]> {
  const context = providerContext();
  const verified = await provider.verify(credential, context);
  if (verified.kind !== 'verified') throw new Error(JSON.stringify(verified));
  const { account, facts } = verified;
  const who = { credential, account, facts };
  for (const [n, variant] of variants.entries()) {
    const errors = provider.check(variant, facts).filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    const delivery = { id: `dlv_${n}`, key: `dlv_${n}.hash`, dueAt: DUE_AT };
    const request = { variant, credential, channel: { id: 'chn_a', account, facts }, delivery };
    const { outcome } = await attempt(provider, request, context);
    if (outcome.kind !== 'published') throw new Error(JSON.stringify([variant, outcome]));
    const { externalId } = outcome;
    const mended = { ...variant, text: `${variant.text} (mended)` };
    const edited = await provider.edit?.({ ...who, was: variant, variant: mended, externalId }, context);
    if (edited && edited.kind !== 'edited' && edited.kind !== 'rejected') {
      throw new Error(JSON.stringify([variant, edited]));
    }
    const sends = 1 + (variant.thread?.length ?? 0) + (variant.firstComment === undefined ? 0 : 1);
    for (let lost = 1; lost <= sends; lost++) {
      let seen = 0;
      network.fault({ kind: 'drop' }, (one) => network.isPublish(one) && ++seen === lost);
      const doubted = await attempt(provider, request, context);
      await provider.find?.({ ...doubted.request, since: DUE_AT, excluding: new Set() }, context);
    }
  }
  const externalIds = [...network.published()];
  const [externalId = ''] = externalIds;
  await provider.metrics?.fetch({ ...who, externalIds }, context);
  await provider.metrics?.followers(who, context);
  await provider.remove?.({ ...who, externalId }, context);
  await provider.metrics?.fetch({ ...who, externalIds: [externalId] }, context);
  return network.requests;
}
