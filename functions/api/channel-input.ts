import * as z from 'zod';
import { networkOf, unofferedNetwork } from '../../shared/domain/network-names.ts';
import { findingsOf } from '../../shared/domain/schema-findings.ts';
import type { AnyProvider, Deps } from '../../shared/ports.ts';
import { channelProvider } from '../../shared/usecases/channel-provider.ts';
import { invalid, refusal } from './answers.ts';
import { check } from './parse.ts';

/** The provider of a network, or of a channel, or 422 at `/network`. */
export async function providerOf(
  deps: Pick<Deps, 'provider'>,
  { network, assisted = false }: { readonly network: string; readonly assisted?: boolean },
): Promise<AnyProvider> {
  const provider = await channelProvider(deps, { network: networkOf(network), assisted });
  if (provider !== undefined) return provider;
  const { rule, params } = unofferedNetwork(network);
  throw refusal(rule, '/network', params);
}

/** The credential as its provider reads it, or 422 with paths below `/credential`. */
export function readCredential(provider: AnyProvider, credential: unknown): unknown {
  return check(z.object({ credential: provider.credential }), { credential }).credential;
}

/**
 * A channel's options are defaults of its posts' options, so whatever a post must add may be missing here; what is
 * there must be right. 422 with paths below `/options`.
 */
export function checkOptions(provider: AnyProvider, options: Readonly<Record<string, unknown>>): void {
  const result = z.object({ options: provider.options }).safeParse({ options }, { reportInput: true });
  const wrong = (result.error?.issues ?? []).filter(({ input }) => input !== undefined);
  if (wrong.length > 0) throw invalid(findingsOf(wrong));
}
