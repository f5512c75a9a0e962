import type { AnyProvider } from '../ports.ts';

/** Reads a network's adapter when it is first asked for: a function starts without the weight of all the others. */
type Load = () => Promise<AnyProvider>;

const NETWORKS: Readonly<Record<string, Load>> = {
  bluesky: async () => (await import('./bluesky.ts')).bluesky(),
  discord: async () => (await import('./discord.ts')).discord(),
  discourse: async () => (await import('./discourse.ts')).discourse,
  facebook: async () => (await import('./facebook.ts')).facebook(),
  flickr: async () => (await import('./flickr.ts')).flickr(),
  ghost: async () => (await import('./ghost.ts')).ghost,
  'google-business': async () => (await import('./google-business.ts')).googleBusiness(),
  instagram: async () => (await import('./instagram.ts')).instagram(),
  linkedin: async () => (await import('./linkedin.ts')).linkedin(),
  mastodon: async () => (await import('./mastodon.ts')).mastodon,
  pinterest: async () => (await import('./pinterest.ts')).pinterest(),
  reddit: async () => (await import('./reddit.ts')).reddit(),
  slack: async () => (await import('./slack.ts')).slack(),
  telegram: async () => (await import('./telegram.ts')).telegram(),
  threads: async () => (await import('./threads.ts')).threads(),
  tiktok: async () => (await import('./tiktok.ts')).tiktok(),
  tumblr: async () => (await import('./tumblr.ts')).tumblr(),
  webhook: async () => (await import('./webhook.ts')).webhook,
  wordpress: async () => (await import('./wordpress.ts')).wordpress,
  x: async () => (await import('./x.ts')).x(),
  xing: async () => (await import('./xing.ts')).xing,
  youtube: async () => (await import('./youtube.ts')).youtube(),
};

/** Every network that is offered, by its id. The sandbox is offered only where one runs: on the laptop. */
export function networksFor({
  sandboxUrl,
}: {
  readonly sandboxUrl?: string | undefined;
} = {}): Readonly<Record<string, Load | undefined>> {
  const networks: Record<string, Load> = {};
  for (const [id, load] of Object.entries(NETWORKS)) networks[id] = once(load);
  if (sandboxUrl !== undefined) {
    networks.sandbox = once(async () => (await import('./sandbox.ts')).sandbox(sandboxUrl));
  }
  // Names come in by requests: `constructor` must not be a network.
  return Object.setPrototypeOf(networks, null);
}

/** All of them, read at once: for lists, documents and tests. */
export async function providersFor(networks = networksFor()): Promise<Readonly<Record<string, AnyProvider>>> {
  const loading = Object.entries(networks).map(async ([id, load]) => [id, await load?.()] as const);
  return Object.setPrototypeOf(Object.fromEntries(await Promise.all(loading)), null);
}

function once(load: Load): Load {
  let loaded: Promise<AnyProvider> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
