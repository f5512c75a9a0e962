import { kindOf } from '../../domain/media.ts';
import type { Bucket, Inspector } from '../../ports.ts';
import { sniff } from './sniff.ts';

/**
 * Looks at uploads in the bucket: their bytes decide what they are, not their name and not what was said. What reads
 * images and what reads videos is large, and is loaded when there is one to look at.
 */
export function mediaInspector(bucket: Bucket): Inspector {
  return {
    async inspect(media, original) {
      const found = await sniff(bucket, original.path);
      if (found === undefined) return { refused: 'the bytes are of no known type' };
      if (found !== original.type) return { refused: `the bytes are ${found}, not ${original.type}` };
      switch (kindOf(original.type)) {
        case 'image':
          return (await import('./inspect-image.ts')).inspectImage(bucket, media, original);
        case 'video':
          return (await import('./inspect-video.ts')).inspectVideo(bucket, original);
        case 'document':
          return { files: [original] };
      }
    },
  };
}
