import type { Table } from '../../shared/adapters/store/table.ts';
import { testConnectingStores } from './connecting-store-suite.ts';
import { testPostHeads } from './post-head-suite.ts';
import { testPostListings } from './post-listing-suite.ts';
import { testPostsTogether } from './post-together-suite.ts';
import { testTellingStores } from './telling-store-suite.ts';
import { testTenantStores } from './tenant-store-suite.ts';

/** What the stores promise, over any table. `make` gives an empty one. */
export function testStores(name: string, make: () => Promise<Table>): void {
  testTenantStores(name, make);
  testConnectingStores(name, make);
  testPostHeads(name, make);
  testPostListings(name, make);
  testPostsTogether(name, make);
  testTellingStores(name, make);
}
