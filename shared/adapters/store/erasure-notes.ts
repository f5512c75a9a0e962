import type { BrandRecords } from '../../store-ports.ts';
import { keys } from './keys.ts';
import { everything, type Table } from './table.ts';

/** So many hashes of 32 bytes go into one item, far below DynamoDB's 400 KB. */
const AT_MOST = 8_000;
const BYTES = 32;

/** Hashes of what an erasure takes, kept until it has ended: what a repeat after a crash cannot see any more. */
export function erasureNotes(table: Table): Pick<BrandRecords, 'notes' | 'addNotes' | 'forgetNotes'> {
  const notes: BrandRecords['notes'] = async ({ agencyId, brandId }) => {
    const found = new Map<string, Set<string>>();
    for (const { sk, hashes } of await everything(table, keys.ofErasure(agencyId, brandId))) {
      const kind = sk.split('#')[0] ?? '';
      const known = found.get(kind) ?? new Set();
      const bytes = Buffer.from(hashes as Uint8Array);
      for (let at = 0; at < bytes.length; at += BYTES) known.add(bytes.toString('hex', at, at + BYTES));
      found.set(kind, known);
    }
    return found;
  };
  return {
    notes,
    async addNotes(trace, added) {
      const present = await notes(trace);
      const pk = keys.ofErasure(trace.agencyId, trace.brandId);
      for (const [kind, hashes] of added) {
        const known = present.get(kind);
        const fresh = [...hashes].filter((hash) => !known?.has(hash)).sort();
        for (let first = 0; first < fresh.length; first += AT_MOST) {
          const part = fresh.slice(first, first + AT_MOST);
          // Named after what it begins with, which no other part has.
          const item = {
            pk,
            sk: `${kind}#${part[0]}`,
            hashes: new Uint8Array(Buffer.from(part.join(''), 'hex')),
          };
          await table.put(item);
        }
      }
    },
    async forgetNotes({ agencyId, brandId }) {
      for (const item of await everything(table, keys.ofErasure(agencyId, brandId))) await table.delete(item);
    },
  };
}
