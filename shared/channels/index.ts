import type { AnyProvider } from '../ports.ts';
import { bluesky } from './bluesky.ts';
import { discord } from './discord.ts';
import { discourse } from './discourse.ts';
import { facebook } from './facebook.ts';
import { flickr } from './flickr.ts';
import { ghost } from './ghost.ts';
import { googleBusiness } from './google-business.ts';
import { instagram } from './instagram.ts';
import { linkedin } from './linkedin.ts';
import { mastodon } from './mastodon.ts';
import { pinterest } from './pinterest.ts';
import { reddit } from './reddit.ts';
import { sandbox } from './sandbox.ts';
import { slack } from './slack.ts';
import { telegram } from './telegram.ts';
import { threads } from './threads.ts';
import { tiktok } from './tiktok.ts';
import { tumblr } from './tumblr.ts';
import { webhook } from './webhook.ts';
import { wordpress } from './wordpress.ts';
import { x } from './x.ts';
import { xing } from './xing.ts';
import { youtube } from './youtube.ts';

/** Every network that is offered, by its id. The sandbox is offered only where one runs: on the laptop. */
export function providersFor({
  sandboxUrl,
}: {
  readonly sandboxUrl?: string | undefined;
} = {}): Readonly<Record<string, AnyProvider>> {
  const networks: Record<string, AnyProvider> = {
    bluesky: bluesky(),
    discord: discord(),
    discourse,
    facebook: facebook(),
    flickr: flickr(),
    ghost,
    'google-business': googleBusiness(),
    instagram: instagram(),
    linkedin: linkedin(),
    mastodon,
    pinterest: pinterest(),
    reddit: reddit(),
    slack: slack(),
    telegram: telegram(),
    threads: threads(),
    tiktok: tiktok(),
    tumblr: tumblr(),
    webhook,
    wordpress,
    x: x(),
    xing,
    youtube: youtube(),
  };
  if (sandboxUrl !== undefined) networks.sandbox = sandbox(sandboxUrl);
  // Names come in by requests: `constructor` must not be a network.
  return Object.setPrototypeOf(networks, null);
}
