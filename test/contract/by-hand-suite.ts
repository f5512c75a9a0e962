import { describe, expect, test } from 'vitest';
import type { Outcome, Provider, PublishRequest } from '../../shared/channels/provider.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { HOUR, MINUTE } from '../../shared/domain/time.ts';
import { DUE_AT } from '../support/builders.ts';
import { providerContext, type TestContextOptions } from '../support/provider-context.ts';

export type ByHandCase<Credential> = {
  readonly provider: Provider<Credential>;
  readonly credential: Credential;
  readonly variant: Variant;
};

const NOW = DUE_AT + MINUTE;

/** What a provider promises whose network has no API of ours: the other suite's promises, with people in its place. */
export function testProviderByHand<Credential>({
  provider,
  credential,
  variant,
}: ByHandCase<Credential>): void {
  /** Any request to a network is a broken promise. */
  const context = (options: TestContextOptions = {}) =>
    providerContext({
      now: () => NOW,
      http: async ({ url }) => expect.fail(`asked the network: ${url}`),
      ...options,
    });
  const verify = () => provider.verify(credential, context());
  async function request(handle?: string): Promise<PublishRequest<Credential>> {
    const verified = await verify();
    if (verified.kind !== 'verified') return expect.fail(verified.reason);
    const { account, facts } = verified;
    const delivery = { id: 'dlv_one', key: 'dlv_one.0123456789abcdef', dueAt: DUE_AT };
    return {
      variant,
      credential,
      channel: { id: 'chn_one', account, facts },
      delivery: handle === undefined ? delivery : { ...delivery, handle },
    };
  }
  const poll = async (handle: string, options: TestContextOptions) => {
    const given = context(options);
    const outcome = (await provider.poll?.(await request(handle), given)) ?? expect.fail('there is no poll');
    return { outcome, asked: given.asked };
  };
  const handleOf = (outcome: Outcome): string =>
    outcome.kind === 'pending' ? outcome.handle : expect.fail(JSON.stringify(outcome));

  describe('verify', () => {
    test('tells whose the credential is, from the credential alone, every time the same', async () => {
      const verified = await verify();
      if (verified.kind !== 'verified') return expect.fail(verified.reason);
      expect(verified.account.id).not.toBe('');
      expect(verified.account.handle).not.toBe('');
      expect(URL.canParse(verified.account.url)).toBe(true);
      expect(await verify()).toEqual(verified);
    });
  });

  describe('check', () => {
    test('finds nothing wrong with what is to be published', () => {
      expect(provider.check(variant, {}).filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(provider.countText(provider.render(variant), {})).toBeGreaterThan(0);
    });

    test('refuses unknown fields in credential and options', () => {
      expect(provider.credential.safeParse(credential).success).toBe(true);
      expect(provider.credential.safeParse({ ...credential, accessToken: 'secret' }).success).toBe(false);
    });
  });

  describe('publish', () => {
    test('asks the person, sends nothing, and waits', async () => {
      const given = context();
      const outcome = await provider.publish(await request(), given);
      expect(outcome).toMatchObject({ kind: 'pending', asked: true, checkAt: NOW + HOUR });
      expect(given.asked).toEqual(['first']);
      expect(given.sends).toEqual([]);
    });

    test('throws when nobody could be asked, so that it is tried again', async () => {
      await expect(provider.publish(await request(), context({ mayAsk: false }))).rejects.toThrow();
    });

    test('can never be in doubt by itself: a worker that dies has sent nothing', () => {
      expect(provider.safety).toEqual({ kind: 'blind' });
      expect(provider.find).toBeUndefined();
    });
  });

  describe('while it waits', () => {
    test('reminds once, an hour later', async () => {
      const asked = handleOf(await provider.publish(await request(), context()));
      const first = await poll(asked, { now: () => NOW + HOUR });
      expect(first).toMatchObject({
        outcome: { kind: 'pending', checkAt: NOW + 48 * HOUR },
        asked: ['reminder'],
      });
      expect(first.outcome).not.toHaveProperty('asked');
      const again = await poll(handleOf(first.outcome), { now: () => NOW + 2 * HOUR });
      expect(again).toMatchObject({ outcome: { kind: 'pending', checkAt: NOW + 48 * HOUR }, asked: [] });
    });

    test('goes on waiting when the reminder cannot be sent, and tries it again', async () => {
      const asked = handleOf(await provider.publish(await request(), context()));
      const failed = await poll(asked, { now: () => NOW + HOUR, mayAsk: false });
      expect(failed.outcome).toMatchObject({ kind: 'pending', checkAt: NOW + 2 * HOUR });
      expect((await poll(handleOf(failed.outcome), { now: () => NOW + 2 * HOUR })).asked).toEqual([
        'reminder',
      ]);
    });

    test('is unclear after 48 hours of silence, never failed: it may well be out', async () => {
      const asked = handleOf(await provider.publish(await request(), context()));
      const { outcome } = await poll(asked, { now: () => NOW + 48 * HOUR });
      expect(outcome.kind).toBe('uncertain');
    });
  });
}
