import * as z from 'zod';
import { codePoints } from '../domain/text-count.ts';
import { type ByHandCredential, byHand } from './by-hand.ts';
import { checkContent, withLink } from './check-content.ts';
import type { Provider } from './provider.ts';

const options = z.strictObject({});

/**
 * XING, published by a person: its API for posts was switched off on 2019-04-01, and what remains is the share dialog
 * (https://dev.xing.com/plugins/share_button/docs), which takes a link. XING names no longest text, so none is held.
 */
export const xing: Provider<ByHandCredential, z.infer<typeof options>> = byHand({
  id: 'xing',
  name: 'XING',
  limits: {
    text: null,
    unit: 'characters',
    media: {
      least: 0,
      most: 1,
      // XING tells no size either; the smaller JPEG of a large photo is easier to handle for a person.
      image: { types: ['image/jpeg', 'image/png'], maxBytes: 10_000_000 },
    },
  },
  countText: codePoints,
  options,
  render: withLink,
  check: (variant) => checkContent(xing, variant),
  deepLink: ({ link }) =>
    link === undefined ? undefined : `https://www.xing.com/spi/shares/new?url=${encodeURIComponent(link)}`,
});
