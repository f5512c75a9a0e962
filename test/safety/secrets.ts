import { setTimeout as sleep } from 'node:timers/promises';
import type { Agency } from '../../shared/domain/agency.ts';
import type { Deps } from '../../shared/ports.ts';
import { createAgency } from '../../shared/usecases/create-agency.ts';
import { ACCESS_TOKEN, fakeMastodon } from '../support/fake-networks/mastodon.ts';
import { fakeWebhook } from '../support/fake-networks/webhook.ts';
import { fakeWordpress } from '../support/fake-networks/wordpress.ts';
import { canary, leaksIn, type Secret } from './canaries.ts';
import { canaryNetwork } from './canary-network.ts';
import { type LifeNetworks, liveThrough } from './secrets-life.ts';
import { secretsWorld } from './secrets-world.ts';

export type SecretsResult = {
  /** Secrets that went through the life, and places that were looked at for them. */
  readonly secrets: number;
  readonly places: number;
  readonly kilobytes: number;
  readonly leaks: number;
  /** Ciphertexts that were tried with another channel, field, agency or key, and those of them that opened. */
  readonly swapped: number;
  readonly opened: number;
  readonly examples: readonly string[];
  readonly seconds: number;
  readonly holds: boolean;
};

/**
 * T17. A whole life on the embedded engines with marked secrets in every place that takes one, at networks that repeat
 * them in their errors; then nothing that was stored, sent, logged, mailed or answered may hold any of them.
 * `spoil` replaces parts, so that a test can see that a leak is found. Once in a process.
 */
export async function checkSecrets(spoil: Partial<Deps> = {}): Promise<SecretsResult> {
  const started = performance.now();
  const networks = await startNetworks();
  const world = await secretsWorld({ providers: [networks.canary.provider], deps: spoil });
  try {
    const { key, agencyId } = await createAgency(world.deps, { name: 'Agency' });
    const other = await createAgency(world.deps, { name: 'Other agency' });
    const learnt = await liveThrough(world, networks, { key, agencyId });
    // The last alerts and events are on their way.
    await sleep(500);
    const secrets: Secret[] = [
      ...networks.secrets,
      ...learnt,
      { name: 'API key', value: key },
      { name: 'API key of another agency', value: other.key },
      ...world.dataKeys().map((value) => ({ name: 'data key', value })),
    ];
    const places = await world.places();
    const empty = places.filter(({ text }) => text === '').map(({ name }) => name);
    if (empty.length > 0) throw new Error(`nothing was seen of: ${empty.join(', ')}`);
    const leaks = leaksIn(places, secrets);
    const { swapped, opened } = await swap(world.deps, agencyId, other.agencyId);
    return {
      secrets: secrets.length,
      places: places.length,
      kilobytes: Math.round(places.reduce((sum, { text }) => sum + text.length, 0) / 1_024),
      leaks: leaks.length,
      swapped,
      opened,
      examples: leaks
        .slice(0, 20)
        .map(({ secret, place, form, at }) => `${secret} in ${place}, ${form}: ${at}`),
      seconds: Math.round((performance.now() - started) / 100) / 10,
      holds: leaks.length + opened === 0,
    };
  } finally {
    await world.stop();
    await networks.close();
  }
}

async function startNetworks(): Promise<LifeNetworks> {
  const applicationPassword = canary('application password');
  const webhookSecret = canary('webhook secret');
  const webhookPath = canary('webhook path').replace(/[/+]/g, '');
  const [canaryNet, mastodon, wordpress, webhook] = await Promise.all([
    canaryNetwork(),
    fakeMastodon({ now: Date.now }),
    fakeWordpress({ username: 'editor', applicationPassword }),
    fakeWebhook({ secret: webhookSecret }),
  ]);
  return {
    canary: canaryNet,
    mastodon,
    wordpress,
    webhook,
    credentials: {
      mastodon: { instanceUrl: mastodon.url, accessToken: ACCESS_TOKEN },
      wordpress: { siteUrl: wordpress.url, username: 'editor', applicationPassword },
      webhook: { url: `${webhook.url}/hooks/${webhookPath}`, secret: webhookSecret },
    },
    secrets: [
      { name: 'Mastodon token', value: ACCESS_TOKEN },
      ...['application password', 'webhook secret', 'client secret', 'code', 'typo', 'wrong key'].map(
        (name) => ({
          name,
          value: canary(name),
        }),
      ),
      { name: 'webhook path', value: webhookPath },
      ...[1, 2, 3].flatMap((n) => [
        { name: `access token ${n}`, value: canary(`access ${n}`) },
        { name: `refresh token ${n}`, value: canary(`refresh ${n}`) },
      ]),
    ],
    close: async () => {
      await Promise.all([canaryNet, mastodon, wordpress, webhook].map((one) => one.close()));
    },
  };
}

/** Opens every sealed text as what it is not. */
async function swap(
  { agencies, apps, brands, channels, vault }: Deps,
  agencyId: string,
  otherId: string,
): Promise<{ swapped: number; opened: number }> {
  const [own, other] = await Promise.all([agencies.get(agencyId), agencies.get(otherId)]);
  if (!own || !other) throw new Error('an agency is gone');
  const sealed: { owner: string; field: string; text: string }[] = [];
  for (const brand of await brands.list(agencyId)) {
    for (const { id, credential } of await channels.list(agencyId, brand.id)) {
      sealed.push({ owner: id, field: 'credential', text: credential });
    }
  }
  for (const { network, clientSecret } of await apps.list(agencyId)) {
    sealed.push({ owner: network, field: 'app', text: clientSecret });
  }
  if (sealed.length < 4) throw new Error('there is too little to swap');
  const thieves: Agency[] = [other, { ...other, dataKey: own.dataKey }, { ...own, dataKey: other.dataKey }];
  const tries = sealed.flatMap(({ owner, field, text }) => [
    ...sealed.filter((one) => one.owner !== owner).map((one) => vault.open(own, one.owner, field, text)),
    ...['session', 'choices', 'verifier', field === 'app' ? 'credential' : 'app'].map((one) =>
      vault.open(own, owner, one, text),
    ),
    ...thieves.map((thief) => vault.open(thief, owner, field, text)),
  ]);
  const ends = await Promise.allSettled(tries);
  // What is not swapped must open, or the rest would show nothing.
  await Promise.all(sealed.map(({ owner, field, text }) => vault.open(own, owner, field, text)));
  return { swapped: ends.length, opened: ends.filter(({ status }) => status === 'fulfilled').length };
}
