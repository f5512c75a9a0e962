import type { StoredReport } from '../../domain/report.ts';
import type { ReportStore } from '../../store-ports.ts';
import { keys, PREFIX, startingWith } from './keys.ts';
import { pack, unpack } from './packed.ts';
import { putOwn } from './put-own.ts';
import { ABSENT, type Item, type Table } from './table.ts';

/** Reports by id, packed; the brand's list names them, newest first. A name without its report is skipped. */
export function reportStore(table: Table): ReportStore {
  const get = async (agencyId: string, reportId: string): Promise<StoredReport | undefined> => {
    const item = await table.get(keys.report(agencyId, reportId));
    return item && (unpack(item.doc) as StoredReport);
  };
  const nameOf = ({ agencyId, brandId, createdAt, id }: StoredReport) =>
    keys.reportOfBrand(agencyId, brandId, createdAt, id);

  return {
    async create(report) {
      await table.put({ ...nameOf(report), id: report.id });
      if (await putOwn(table, toItem(report), ABSENT)) return true;
      const stored = await get(report.agencyId, report.id);
      if (stored && nameOf(stored).sk !== nameOf(report).sk) await table.delete(nameOf(report));
      return false;
    },
    get,
    async replace(report) {
      await table.put(toItem(report));
    },
    async list(agencyId, brandId, { limit, after }) {
      const named = await table.query({
        partition: keys.ofBrand(agencyId, brandId),
        range: startingWith(PREFIX.report),
        limit,
        ...(after === undefined ? {} : { after: `${PREFIX.report}${after}` }),
      });
      const found = await Promise.all(
        named.items.map(async (name) => {
          const report = await get(agencyId, String(name.id));
          return report && nameOf(report).sk === name.sk ? [report] : [];
        }),
      );
      return {
        items: found.flat(),
        ...(named.next === undefined ? {} : { next: named.next.slice(PREFIX.report.length) }),
      };
    },
  };
}

const toItem = (report: StoredReport): Item => ({
  ...keys.report(report.agencyId, report.id),
  doc: pack(report),
});
