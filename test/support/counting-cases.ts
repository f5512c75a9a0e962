import { BLUESKY_TEXTS, LINKEDIN_TEXTS, MASTODON_TEXTS, THREADS_TEXTS } from './counting-own-rules.ts';
import { SAMPLES } from './counting-samples.ts';
import { X_TEXTS } from './counting-x.ts';

export type CountingCase = readonly [network: string, text: string, count: number, source: string];
type Unit = 'graphemes' | 'characters' | 'utf16' | 'bytes';

/** What a network counts, and who says so; a unit that nobody names is taken for code points. */
const UNITS: Readonly<Record<string, readonly [unit: Unit, source: string]>> = {
  bluesky: ['graphemes', 'lexicon app.bsky.feed.post: maxGraphemes 300'],
  discord: ['characters', 'github.com/discord/discord-api-docs/issues/1315: code points'],
  discourse: ['characters', 'site setting max_post_length: characters of a Ruby string'],
  facebook: ['characters', 'Pages API, message: characters'],
  flickr: ['characters', 'flickr.com/services/api/upload.api.html: no limit named'],
  ghost: ['characters', 'ghost.org/docs/admin-api: no limit of a post'],
  'google-business': ['characters', 'My Business API v4, LocalPost.summary: 1,500 characters'],
  instagram: ['characters', 'IG User Media reference, caption: 2,200 characters'],
  linkedin: [
    'utf16',
    'Posts API, commentary: 3,000 characters, the unit not named; UTF-16 is the most cautious',
  ],
  mastodon: ['graphemes', 'docs.joinmastodon.org/user/posting/#text'],
  pinterest: ['characters', 'pinterest/api-description: description maxLength 800'],
  reddit: ['characters', 'reddit.com/dev/api#POST_api_submit: characters'],
  slack: ['characters', 'docs.slack.dev chat.postMessage: 40,000 characters'],
  telegram: ['utf16', 'core.telegram.org/bots/api#messageentity: lengths in UTF-16 code units'],
  tiktok: ['utf16', 'Content Posting API, title: 2,200 UTF-16 runes'],
  tumblr: ['characters', 'tumblr/docs npf-spec: 4,096 Unicode code points'],
  webhook: ['characters', 'our own contract: no limit'],
  wordpress: ['characters', 'REST API handbook: no limit of content'],
  xing: ['characters', 'no API; what a person pastes'],
  youtube: ['bytes', 'videos resource, snippet.description: 5,000 bytes'],
};

const EXTRA: Readonly<Record<string, readonly (readonly [text: string, count: number])[]>> = {
  discord: [
    // Two code points, a space between, as the vendor's answer in that issue has it.
    ['\u{10ffff} \uffff', 3],
    ['<@123456789012345678> :bread:', 29],
    ['https://bakery.example/brot', 27],
  ],
  facebook: [['https://bakery.example/brot?x=1#y', 33]],
  instagram: [['#brot #brötchen @mill', 21]],
  slack: [['<https://bakery.example|Brot> & mehr', 36]],
  telegram: [
    ['<b>Brot</b>', 11],
    ['😀'.repeat(2_048), 4_096],
    ['https://bakery.example/brot', 27],
  ],
  tiktok: [['#brot 🥖 @mill', 14]],
  tumblr: [['😀'.repeat(4_096), 4_096]],
  youtube: [
    ['ä'.repeat(2_500), 5_000],
    ['Kapitel:\n0:00 Anfang', 20],
    ['https://bakery.example/brötchen', 32],
  ],
};

/** By its own rule, text by text. */
const OWN: Readonly<Record<string, readonly (readonly [text: string, count: number, source: string])[]>> = {
  bluesky: BLUESKY_TEXTS,
  linkedin: LINKEDIN_TEXTS,
  mastodon: MASTODON_TEXTS,
  threads: THREADS_TEXTS,
  x: X_TEXTS,
};

/** How long a text is on a network, by the network's own rule and test data; never by what is tested with it. */
export const COUNTING_CASES: readonly CountingCase[] = [
  ...Object.entries(UNITS).flatMap(([network, [unit, source]]) => [
    ...SAMPLES.filter(([text]) => !OWN[network]?.some(([other]) => other === text)).map(
      ([text, graphemes, characters, utf16, bytes]) =>
        [network, text, { graphemes, characters, utf16, bytes }[unit], source] as const,
    ),
    ...(EXTRA[network] ?? []).map(([text, count]) => [network, text, count, source] as const),
  ]),
  ...Object.entries(OWN).flatMap(([network, texts]) =>
    texts.map(([text, count, source]) => [network, text, count, source] as const),
  ),
];
