import type { AnyProvider } from '../ports.ts';
import { bluesky } from './bluesky.ts';
import { mastodon } from './mastodon.ts';
import { sandbox } from './sandbox.ts';
import { webhook } from './webhook.ts';
import { wordpress } from './wordpress.ts';

/** Every network that is offered, by its id. The sandbox is offered only where one runs: on the laptop. */
export function providersFor({
  sandboxUrl,
}: {
  readonly sandboxUrl?: string | undefined;
} = {}): Readonly<Record<string, AnyProvider>> {
  const networks: Record<string, AnyProvider> = { bluesky, mastodon, wordpress, webhook };
  if (sandboxUrl !== undefined) networks.sandbox = sandbox(sandboxUrl);
  // Names come in by requests: `constructor` must not be a network.
  return Object.setPrototypeOf(networks, null);
}
