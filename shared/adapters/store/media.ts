import type { Media } from '../../domain/media.ts';
import type { MediaStore } from '../../store-ports.ts';
import { keys, PREFIX, startingWith } from './keys.ts';
import { putOwn } from './put-own.ts';
import { ABSENT, type Table } from './table.ts';

/** Uploaded files, in the partition of their brand: what names one always knows the brand. */
export function mediaStore(table: Table): MediaStore {
  const keyOf = ({ agencyId, brandId, id }: Pick<Media, 'agencyId' | 'brandId' | 'id'>) =>
    keys.mediaOfBrand(agencyId, brandId, id);
  const get = async (agencyId: string, brandId: string, id: string): Promise<Media | undefined> =>
    (await table.get(keyOf({ agencyId, brandId, id })))?.doc as Media | undefined;

  return {
    async create(media) {
      if (await putOwn(table, { ...keyOf(media), doc: media }, ABSENT)) return media;
      return (await get(media.agencyId, media.brandId, media.id)) ?? media;
    },
    get,
    async replace(media) {
      await table.put({ ...keyOf(media), doc: media });
    },
    async list(agencyId, brandId, { limit, after }) {
      const found = await table.query({
        partition: keys.ofBrand(agencyId, brandId),
        range: startingWith(PREFIX.media),
        limit,
        ...(after === undefined ? {} : { after: `${PREFIX.media}${after}` }),
      });
      return {
        items: found.items.map(({ doc }) => doc as Media),
        ...(found.next === undefined ? {} : { next: found.next.slice(PREFIX.media.length) }),
      };
    },
    async delete(media) {
      await table.delete(keyOf(media));
    },
  };
}
