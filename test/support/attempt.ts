import type { Context, Outcome, Provider, PublishRequest } from '../../shared/channels/provider.ts';

/** Publishes in as many steps as the network wants; `request` has the handle that the last step left. */
export async function attempt<Credential>(
  provider: Provider<Credential>,
  request: PublishRequest<Credential>,
  given: Context,
): Promise<{ outcome: Outcome; request: PublishRequest<Credential> }> {
  let present = request;
  const step = () =>
    present.delivery.handle === undefined
      ? provider.publish(present, given)
      : (provider.poll?.(present, given) ??
        Promise.reject(new Error('a step is pending, and there is no poll')));
  let outcome = await step();
  for (let steps = 1; outcome.kind === 'pending' && steps < MOST_STEPS; steps++) {
    present = { ...present, delivery: { ...present.delivery, handle: outcome.handle } };
    outcome = await step();
  }
  return { outcome, request: present };
}

const MOST_STEPS = 30;
