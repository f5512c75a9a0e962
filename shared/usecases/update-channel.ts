import type { Actor, Agency } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import type { Channel } from '../domain/channel.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { accepted } from './connect-channel.ts';
import { providerContext } from './provider-context.ts';
import { releaseChannel } from './release-channel.ts';
import { sealCredential, withCredential } from './seal-credential.ts';

export type UpdateChannel = {
  readonly agency: Agency;
  readonly actor: Actor;
  readonly channel: Channel;
  readonly name?: string | undefined;
  /** All options as they shall be. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** A whole new credential, as the provider's schema reads it. */
  readonly credential?: { readonly provider: AnyProvider; readonly value: unknown } | undefined;
};

/**
 * Changes name, options or credential. A credential is verified first and must be of the same account; a good one
 * connects the channel again, and what was held for the lack of it goes on by the late policy.
 * @throws invalid (refused, unreachable), conflict (another account; changed meanwhile)
 */
export async function updateChannel(deps: Deps, input: UpdateChannel): Promise<Channel> {
  const { agency, channel } = input;
  const renewed = input.credential ? await renew(deps, input, input.credential) : undefined;
  const stored = await deps.channels.replace(
    {
      ...(renewed ?? channel),
      ...(input.name === undefined ? {} : { name: input.name }),
      ...(input.options === undefined ? {} : { options: input.options }),
    },
    channel.version,
  );
  if (stored === undefined) throw await changedMeanwhile(deps, channel);
  await deps.audit.append(agency.id, {
    at: deps.clock.now(),
    actor: input.actor,
    act: renewed ? 'channel.reconnect' : 'channel.update',
    target: channel.id,
    data: { version: stored.version },
  });
  if (renewed) await releaseChannel(deps, { agencyId: agency.id, channel: stored });
  return stored;
}

/** The channel with a new, good credential of the same account, and with what the network now says of it. */
async function renew(
  deps: Deps,
  { agency, channel }: UpdateChannel,
  { provider, value }: NonNullable<UpdateChannel['credential']>,
): Promise<Channel> {
  const context = providerContext(deps, { agency });
  const { account, facts } = accepted(await provider.verify(value as never, context));
  if (account.id !== channel.account.id) {
    throw new AppError(
      'conflict',
      'This credential is of another account; connect that as its own channel.',
      {
        data: { account: channel.account.handle, other: account.handle },
      },
    );
  }
  const sealed = await sealCredential(deps, agency, { id: channel.id, provider, value });
  return withCredential({ ...channel, account, facts }, sealed);
}

/** Why a conditional write of a channel failed: it is gone, or another was faster. */
export async function changedMeanwhile(deps: Pick<Deps, 'channels'>, channel: Channel): Promise<AppError> {
  if ((await deps.channels.get(channel.agencyId, channel.id)) === undefined) return notFound('channel');
  return new AppError('conflict', 'The channel was changed at the same time: read it again.');
}
