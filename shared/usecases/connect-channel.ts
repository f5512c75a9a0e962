import type { Verified } from '../channels/provider.ts';
import type { Actor, Agency } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import type { Brand } from '../domain/brand.ts';
import type { Channel } from '../domain/channel.ts';
import { finding } from '../domain/finding.ts';
import { derivedId } from '../domain/ids.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { keepableAccount } from './keepable.ts';
import { providerContext } from './provider-context.ts';
import { sealCredential } from './seal-credential.ts';

export type ConnectChannel = {
  readonly agency: Agency;
  readonly actor: Actor;
  readonly brand: Brand;
  readonly provider: AnyProvider;
  readonly name: string;
  /** As the provider's schema reads it. */
  readonly credential: unknown;
  readonly options: Readonly<Record<string, unknown>>;
  readonly shared: boolean;
};

type Connecting = Pick<Deps, 'clock' | 'http' | 'channels' | 'vault' | 'bucket' | 'audit'>;

/**
 * Asks the network whose credential this is, claims that account for the brand and stores the channel, its
 * credential sealed. The id derives from brand and account, so that an account never stands twice in one brand,
 * and connecting it again after a deletion goes on with its history.
 * @throws invalid (the credential is refused, the network unreachable), conflict (the account stands already)
 */
export async function connectChannel(deps: Connecting, input: ConnectChannel): Promise<Channel> {
  const { agency, brand, provider } = input;
  const context = providerContext(deps, { agency });
  const { account, facts } = accepted(await provider.verify(input.credential as never, context));
  const id = derivedId('chn', agency.id, brand.id, provider.id, account.id);
  const channel: Channel = {
    id,
    agencyId: agency.id,
    brandId: brand.id,
    network: provider.id,
    name: input.name,
    account,
    facts,
    options: input.options,
    ...(await sealCredential(deps, agency, { id, provider, value: input.credential })),
    health: 'connected',
    shared: input.shared,
    ...(provider.assisted ? { assisted: true } : {}),
    version: 1,
    createdAt: deps.clock.now(),
    createdBy: input.actor,
  };
  if (await deps.channels.get(agency.id, id)) throw alreadyHere(channel);
  if (!(await deps.channels.claimAccount(channel))) {
    throw new AppError(
      'conflict',
      'This account stands in another brand of the agency; send shared: true if that is meant.',
      { data: { account: account.handle } },
    );
  }
  if (!(await deps.channels.create(channel))) throw alreadyHere(channel);
  await deps.audit.append(agency.id, {
    at: channel.createdAt,
    actor: input.actor,
    act: 'channel.connect',
    target: id,
    data: { brandId: brand.id, network: provider.id, account: account.id, shared: input.shared },
  });
  return channel;
}

/** What the network says of a credential that came in a request, or 422. */
export function accepted(told: Verified): Extract<Verified, { kind: 'verified' }> {
  const verified = keepableAccount(told);
  if (verified.kind === 'verified') return verified;
  const rule = verified.kind === 'refused' ? 'credential_refused' : 'network_unreachable';
  throw new AppError('invalid', 'The credential could not be verified at the network.', {
    findings: [finding('error', rule, '/credential', { reason: verified.reason })],
  });
}

function alreadyHere(channel: Channel): AppError {
  return new AppError('conflict', 'This account is a channel of this brand already.', {
    data: { channelId: channel.id, account: channel.account.handle },
  });
}
