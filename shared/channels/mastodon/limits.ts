import type { ChannelFacts } from '../../domain/channel.ts';
import { kindOf, MEDIA_TYPES, type MediaType } from '../../domain/media.ts';
import type { Limits } from '../provider.ts';

/**
 * What Mastodon has out of the box; an instance may have it otherwise, and then says so in its facts.
 * https://docs.joinmastodon.org/entities/Instance/#configuration, with the values of Mastodon 4.5.
 */
export const DEFAULT_LIMITS = {
  maxCharacters: 500,
  urlCharacters: 23,
  pollOptions: 4,
  pollCharacters: 50,
  pollMinSeconds: 300,
  pollMaxSeconds: 2_629_746,
  maxMedia: 4,
  altCharacters: 1_500,
  imageBytes: 16_777_216,
  imagePixels: 33_177_600,
  videoBytes: 103_809_024,
  videoPixels: 8_294_400,
};
export type InstanceLimits = Readonly<Record<keyof typeof DEFAULT_LIMITS, number>>;

const DEFAULT_TYPES: readonly MediaType[] = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'video/mp4',
  'video/quicktime',
  'video/webm',
];

export function limitsOf(facts: ChannelFacts): InstanceLimits {
  const told = Object.keys(DEFAULT_LIMITS).filter((name) => typeof facts[name] === 'number');
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(told.map((name) => [name, facts[name]])) };
}

/** As they stand in the facts, which hold no lists; undefined where the instance names none that we know. */
export function typesFact(told: readonly string[]): string | undefined {
  const known = MEDIA_TYPES.filter((type) => kindOf(type) !== 'document' && told.includes(type));
  return known.length === 0 ? undefined : known.join(',');
}

/** One instance's limits in the form that all networks have. */
export function limitsFor(facts: ChannelFacts): Limits {
  const limits = limitsOf(facts);
  const named = typeof facts.mediaTypes === 'string' ? facts.mediaTypes.split(',') : DEFAULT_TYPES;
  const types = (kind: 'image' | 'video') =>
    MEDIA_TYPES.filter((type) => kindOf(type) === kind && named.includes(type));
  return {
    text: limits.maxCharacters,
    unit: 'graphemes',
    media: {
      least: 0,
      most: limits.maxMedia,
      alt: limits.altCharacters,
      image: { types: types('image'), maxBytes: limits.imageBytes, maxPixels: limits.imagePixels },
      video: { types: types('video'), maxBytes: limits.videoBytes, maxPixels: limits.videoPixels },
    },
    thread: 25,
    firstComment: limits.maxCharacters,
    poll: {
      options: limits.pollOptions,
      optionText: limits.pollCharacters,
      minutes: [Math.ceil(limits.pollMinSeconds / 60), Math.floor(limits.pollMaxSeconds / 60)],
    },
  };
}
