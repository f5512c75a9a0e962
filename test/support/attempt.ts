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
  let kept = 0;
  for (let steps = 1; outcome.kind === 'pending' && steps < MOST_STEPS; steps++) {
    kept = Math.max(kept, outcome.parts?.length ?? 0);
    present = { ...present, delivery: { ...present.delivery, handle: outcome.handle } };
    outcome = await step();
  }
  // Else what is given up half-way could not be taken off the network. An album that goes out at once has one step.
  const whole = outcome.kind === 'published' ? (outcome.parts?.length ?? 0) : 0;
  if (request.delivery.handle === undefined && present !== request && whole > kept + 1)
    throw new Error(`of ${whole} parts the steps before have told ${kept}`);
  return { outcome, request: present };
}

const MOST_STEPS = 30;
