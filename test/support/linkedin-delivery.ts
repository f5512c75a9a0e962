import { createHttp } from '../../shared/channels/http.ts';
import { linkedin } from '../../shared/channels/linkedin.ts';
import type { Context, PublishRequest } from '../../shared/channels/provider.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import { DUE_AT } from './builders.ts';
import { ACCESS_TOKEN, type FakeLinkedinOptions, fakeLinkedin, PAGE } from './fake-networks/linkedin.ts';
import { providerContext } from './provider-context.ts';
import { aPublishRequest } from './provider-request.ts';

type Credential = { accessToken: string; author: string };

/** A delivery to the fake LinkedIn, of the page unless told otherwise, with a clock that waits as long as is asked. */
export async function linkedinDelivery(
  variant: Variant,
  { author = PAGE, ...options }: FakeLinkedinOptions & { author?: string } = {},
) {
  let now = DUE_AT + MINUTE;
  const network = await fakeLinkedin({ now: () => now, ...options });
  const provider = linkedin(network.url);
  const account = { id: author, handle: 'Krume', url: 'https://www.linkedin.com/' };
  const channel = { id: 'chn_one', account, facts: { page: author === PAGE } };
  const request: PublishRequest<Credential> = aPublishRequest(
    { accessToken: ACCESS_TOKEN, author },
    { variant, channel },
  );
  const withHandle = (handle: string) => ({ ...request, delivery: { ...request.delivery, handle } });
  const http = createHttp({ allowLoopback: true });
  /** Every request takes so long. */
  const context = ({ eachMs = 0 } = {}) =>
    providerContext({
      now: () => now,
      http: (one) => {
        now += eachMs;
        return http(one);
      },
    });
  /** All steps to the end, each at its time; waits are counted. */
  const finish = async (given: Context, handle?: string) => {
    let outcome = await (handle === undefined
      ? provider.publish(request, given)
      : (provider.poll?.(withHandle(handle), given) ?? never()));
    const handles: string[] = [];
    while (outcome.kind === 'pending' && handles.length < 40) {
      handles.push(outcome.handle);
      now = Math.max(now, outcome.checkAt);
      outcome = await (provider.poll?.(withHandle(outcome.handle), given) ?? never());
    }
    return { outcome, handles };
  };
  const look = { since: DUE_AT, excluding: new Set<string>() };
  const find = (handle?: string) =>
    provider.find?.({ ...(handle === undefined ? request : withHandle(handle)), ...look }, context());
  return { network, provider, request, withHandle, context, finish, find, at: () => now };
}

const never = (): never => {
  throw new Error('a step is pending, and there is no poll');
};
