import type { Brand } from '../../domain/brand.ts';
import type { BrandStore } from '../../store-ports.ts';
import { indexed, keys, readPartition, SHARDS, shardOf } from './keys.ts';
import { putOwn } from './put-own.ts';
import { ABSENT, everything, type Item, type Table } from './table.ts';

/** Brands, one item each; the wake index also lists all of them, in shards. */
export function brandStore(table: Table): BrandStore {
  return {
    create: (brand) => putOwn(table, toItem(brand), ABSENT),
    async get(agencyId, brandId) {
      return (await table.get(keys.brand(agencyId, brandId)))?.doc as Brand | undefined;
    },
    async getLately(agencyId, brandId) {
      const [item] = await table.getLately([keys.brand(agencyId, brandId)]);
      return item?.doc as Brand | undefined;
    },
    async list(agencyId) {
      const items = await everything(table, keys.brands(agencyId));
      const brands = items.map(({ doc }) => doc as Brand);
      return brands.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    },
    async replace(brand, expected) {
      const next = { ...brand, version: expected + 1 };
      const unchanged = [{ path: ['doc', 'version'], is: 'equal', value: expected }] as const;
      return (await putOwn(table, toItem(next), unchanged)) ? next : undefined;
    },
    async delete(agencyId, brandId) {
      await table.delete(keys.brand(agencyId, brandId));
    },
    async everyBrand({ shard, limit, after }) {
      const { items, next } = await table.queryIndex('wake', {
        partition: indexed.brands(shard),
        limit,
        ...(after === undefined ? {} : { after }),
      });
      return {
        items: items.map(({ pk, sk }) => ({ agencyId: readPartition(pk).agencyId, brandId: sk })),
        ...(next === undefined ? {} : { next }),
      };
    },
    shards: SHARDS,
    async sweptAt(agencyId) {
      return (await table.get(keys.sweep(agencyId)))?.at as number | undefined;
    },
    async putSweptAt(agencyId, at) {
      await table.put({ ...keys.sweep(agencyId), at });
    },
  };
}

const toItem = (brand: Brand): Item => ({
  ...keys.brand(brand.agencyId, brand.id),
  wk: indexed.brands(shardOf(brand.id)),
  ws: brand.id,
  doc: brand,
});
