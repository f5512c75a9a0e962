import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttp } from '../../shared/channels/http.ts';
import type { Outcome, Provider, PublishRequest, Verified } from '../../shared/channels/provider.ts';
import type { Account, ChannelFacts } from '../../shared/domain/channel.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { METRICS } from '../../shared/domain/metrics.ts';
import { MINUTE, SECOND } from '../../shared/domain/time.ts';
import { attempt } from '../support/attempt.ts';
import { DUE_AT } from '../support/builders.ts';
import type { FakeNetwork } from '../support/fake-networks/server.ts';
import { providerContext, type TestContextOptions } from '../support/provider-context.ts';
import { FAULTS, type FaultName } from './provider-faults.ts';

export type ProviderCase<Credential> = {
  /** The provider; only one that is bound to an address of ours looks at the network's. */
  readonly provider: (networkUrl: string) => Provider<Credential>;
  readonly fakeNetwork: () => Promise<FakeNetwork>;
  readonly credential: (networkUrl: string) => Credential;
  /** One that the network refuses. */
  readonly wrongCredential: (networkUrl: string) => Credential;
  readonly variant: Variant;
  /** Parts of the credential that must never show in an outcome, a URL or a finding. */
  readonly secrets: readonly string[];
  /** Where this network's word differs from the common table, by the fault's name. */
  readonly differs?: Readonly<Partial<Record<FaultName, Outcome['kind']>>>;
};

const NOW = DUE_AT + MINUTE;

/** What every provider promises, checked against a fake network that misbehaves on demand. */
export function testProvider<Credential>(subject: ProviderCase<Credential>): void {
  // Only what it can do, which no address changes; nothing is asked of it.
  const able = subject.provider('http://127.0.0.1:1');
  async function setup() {
    const network = await subject.fakeNetwork();
    onTestFinished(network.close);
    const provider = subject.provider(network.url);
    const credential = subject.credential(network.url);
    const verified = verifiedOf(await provider.verify(credential, context()));
    const request = (id = 'dlv_one'): PublishRequest<Credential> => ({
      variant: subject.variant,
      credential,
      channel: { id: 'chn_one', account: verified.account, facts: verified.facts },
      delivery: { id, key: `${id}.0123456789abcdef`, dueAt: DUE_AT },
    });
    const attempted = () => network.requests.filter(network.isPublish);
    return { network, provider, credential, ...verified, request, attempted };
  }

  describe('verify', () => {
    test('tells whose the credential is', async () => {
      const { account, facts, provider, credential } = await setup();
      expect(account.id).not.toBe('');
      expect(account.handle).not.toBe('');
      expect(URL.canParse(account.url)).toBe(true);
      expectNoSecret(subject, { account, facts });
      const again = verifiedOf(await provider.verify(credential, context()));
      expect(again.account.id).toBe(account.id);
    });

    test('says so when the network refuses the credential', async () => {
      const { network, provider } = await setup();
      const verified = await provider.verify(subject.wrongCredential(network.url), context());
      expect(verified.kind).toBe('refused');
      expectNoSecret(subject, verified);
    });

    test('says so when the network cannot be reached', async () => {
      const { network, provider, credential } = await setup();
      await network.close();
      const verified = await provider.verify(credential, context());
      expect(verified.kind).toBe('unreachable');
      expectNoSecret(subject, verified);
    });
  });

  describe('check', () => {
    test('finds nothing wrong with what it publishes', async () => {
      const { provider, facts } = await setup();
      expect(provider.check(subject.variant, facts)).toEqual([]);
      expect(provider.options.safeParse(subject.variant.options ?? {}).success).toBe(true);
      expect(provider.countText(provider.render(subject.variant), facts)).toBeGreaterThan(0);
    });

    test('refuses unknown fields in credential and options', async () => {
      const { provider, credential } = await setup();
      expect(provider.credential.safeParse({ ...credential, more: { than: 'asked' } }).success).toBe(false);
      expect(provider.options.safeParse({ 'no option': { of: 'this network' } }).success).toBe(false);
    });
  });

  describe('publish', () => {
    test('publishes once and tells where', async () => {
      const { network, provider, request } = await setup();
      const given = context();
      const { outcome } = await attempt(provider, request(), given);
      expect(outcome).toMatchObject({ kind: 'published', externalId: network.published()[0] });
      expect(network.published()).toHaveLength(1);
      expect(given.sends).toHaveLength(1);
      if (outcome.kind === 'published') expect(URL.canParse(outcome.url)).toBe(true);
      expectNoSecret(subject, outcome);
    });

    test('publishes equal texts of different deliveries as different publications', async () => {
      const { network, provider, request } = await setup();
      await attempt(provider, request('dlv_one'), context());
      await attempt(provider, request('dlv_two'), context());
      expect(new Set(network.published()).size).toBe(2);
    });

    for (const [name, { fault, expected }] of Object.entries(FAULTS)) {
      const kind = subject.differs?.[name as FaultName] ?? expected;
      test(`takes ${name} for ${kind}, and does not send again by itself`, async () => {
        const { network, provider, request, attempted } = await setup();
        network.fault(fault, network.isPublish);
        const given = fault.kind === 'hang' ? context({ send: impatient }) : context();
        const { outcome } = await attempt(provider, request(), given);
        expect(outcome.kind).toBe(kind);
        if (outcome.kind === 'rateLimited') expect(outcome.retryAt).toBe(NOW + 30 * SECOND);
        expect(given.sends).toHaveLength(1);
        expect(attempted()).toHaveLength(1);
        expectNoSecret(subject, outcome);
      });
    }

    test('knows that nothing was sent when the network is down', async () => {
      const { network, provider, request } = await setup();
      await network.close();
      const { outcome } = await attempt(provider, request(), context());
      expect(outcome.kind).toBe('unavailable');
      expectNoSecret(subject, outcome);
    });

    test('knows that nothing was sent when it was called off at the last moment', async () => {
      const { network, provider, request, attempted } = await setup();
      const { outcome } = await attempt(provider, request(), context({ maySend: false }));
      expect(outcome.kind).toBe('unavailable');
      expect(attempted()).toEqual([]);
      expect(network.published()).toEqual([]);
    });
  });

  describe('after an unclear outcome', () => {
    const later = () => context({ now: () => NOW + 5 * MINUTE });

    test('keeps to one publication, by the way that its safety names', async () => {
      const { network, provider, request, attempted } = await setup();
      network.fault({ kind: 'drop' }, network.isPublish);
      const first = await attempt(provider, request(), context());
      if (provider.safety.kind === 'idempotent') {
        const { outcome } = await attempt(provider, first.request, later());
        expect(outcome).toMatchObject({ kind: 'published', externalId: network.published()[0] });
        const [once, again] = attempted();
        expect(again?.body).toBe(once?.body);
        expect(again?.url.href).toBe(once?.url.href);
      }
      if (provider.safety.kind === 'findable') expect(provider.find).toBeDefined();
      expect(network.published()).toHaveLength(1);
    });

    if (able.find) {
      test('finds what is out, and does not find what is not', async () => {
        const { network, provider, request } = await setup();
        const look = { since: NOW, excluding: new Set<string>() };
        network.fault({ kind: 'lose' }, network.isPublish);
        const lost = await attempt(provider, request('dlv_lost'), context());
        expect(await has(provider.find)({ ...lost.request, ...look }, later())).toEqual({
          kind: 'absent',
        });

        network.fault({ kind: 'drop' }, network.isPublish);
        const out = await attempt(provider, request('dlv_out'), context());
        const found = await has(provider.find)({ ...out.request, ...look }, later());
        expect(found).toMatchObject({ kind: 'found', externalId: network.published()[0] });
        expectNoSecret(subject, found);

        const excluding = new Set(network.published());
        const other = await has(provider.find)({ ...out.request, ...look, excluding }, later());
        expect(other.kind).not.toBe('found');
      });

      test('cannot tell while the network is down', async () => {
        const { network, provider, request } = await setup();
        network.fault({ kind: 'drop' }, network.isPublish);
        const unclear = await attempt(provider, request(), context());
        await network.close();
        const look = { since: NOW, excluding: new Set<string>() };
        const found = await has(provider.find)({ ...unclear.request, ...look }, later());
        expect(found.kind).toBe('cannotTell');
        expectNoSecret(subject, found);
      });
    }
  });

  if (able.metrics)
    describe('metrics', () => {
      test('are null where the network does not tell, and numbers where it does', async () => {
        const { network, provider, request, ...who } = await setup();
        await attempt(provider, request(), context());
        const externalIds = [...network.published()];
        const metrics = await has(provider.metrics).fetch({ ...who, externalIds }, context());
        if (!(metrics instanceof Map)) return expect.fail(JSON.stringify(metrics));
        const [one] = externalIds.map((id) => metrics.get(id));
        if (one === undefined || one === 'removed') return expect.fail(`metrics: ${one}`);
        const told = METRICS.filter((name) => one[name] !== null);
        expect(told).not.toEqual([]);
        expect(Object.keys(has(provider.metrics).told)).toEqual(expect.arrayContaining(told));
        expect(has(provider.metrics).batch).toBeGreaterThan(0);
      });

      test('of a publication that is gone are “removed”', async () => {
        const { network, provider, request, ...who } = await setup();
        await attempt(provider, request('dlv_one'), context());
        await attempt(provider, request('dlv_two'), context());
        const [gone = '', stays = ''] = network.published();
        network.forget(gone);
        const metrics = await has(provider.metrics).fetch({ ...who, externalIds: [gone, stays] }, context());
        if (!(metrics instanceof Map)) return expect.fail(JSON.stringify(metrics));
        expect(metrics.get(gone)).toBe('removed');
        expect(metrics.get(stays)).not.toBe('removed');
      });

      test('and followers wait while the network is down', async () => {
        const { network, provider, ...who } = await setup();
        await network.close();
        const metrics = await has(provider.metrics).fetch({ ...who, externalIds: ['1'] }, context());
        const told = metrics instanceof Map ? [...metrics.values()] : metrics;
        if (!(metrics instanceof Map)) expect(metrics).toMatchObject({ kind: 'unavailable' });
        else expect(told).toEqual([]);
        expectNoSecret(subject, told);
        const followers = await has(provider.metrics).followers(who, context());
        if (followers !== null) expect(followers).toMatchObject({ kind: 'unavailable' });
      });
    });

  if (able.edit)
    describe('edit', () => {
      test('changes a publication in place, as often as it is asked to', async () => {
        const { network, provider, request, ...who } = await setup();
        await attempt(provider, request(), context());
        const published = [...network.published()];
        const [externalId = ''] = published;
        const variant = { ...subject.variant, text: `${subject.variant.text} (mended)` };
        for (let times = 0; times < 2; times++) {
          const edited = await has(provider.edit)({ ...who, variant, externalId }, context());
          expect(edited).toEqual({ kind: 'edited' });
        }
        expect(network.published()).toEqual(published);
        expect(network.requests.some(({ body, url }) => `${body}${url.search}`.includes('mended'))).toBe(
          true,
        );
      });

      test('says so when the network is down', async () => {
        const { network, provider, ...who } = await setup();
        await network.close();
        const edited = await has(provider.edit)(
          { ...who, variant: subject.variant, externalId: '1' },
          context(),
        );
        expect(edited.kind).toBe('unavailable');
        expectNoSecret(subject, edited);
      });
    });

  if (able.remove)
    describe('remove', () => {
      test('takes a publication off the network, once', async () => {
        const { network, provider, request, ...who } = await setup();
        await attempt(provider, request(), context());
        const [externalId = ''] = network.published();
        expect(await has(provider.remove)({ ...who, externalId }, context())).toEqual({ kind: 'removed' });
        expect(network.published()).toEqual([]);
        expect(await has(provider.remove)({ ...who, externalId }, context())).toEqual({ kind: 'absent' });
      });
    });
}

const has = <Part>(part: Part | undefined): Part => part ?? expect.fail('the provider has lost a part of it');

const context = (options: TestContextOptions = {}) => providerContext({ now: () => NOW, ...options });

/** Loses patience soon, so that a silent network does not hold the suite up. */
const impatient = createHttp({ allowLoopback: true, timeoutMs: 400 });

function verifiedOf(verified: Verified): { account: Account; facts: ChannelFacts } {
  if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
  return { account: verified.account, facts: verified.facts };
}

function expectNoSecret(subject: { secrets: readonly string[] }, told: unknown): void {
  const text = JSON.stringify(told);
  for (const secret of subject.secrets) expect(text).not.toContain(secret);
}
