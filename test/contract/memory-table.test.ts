import { memoryTable } from '../simulation/memory-table.ts';
import { testStores } from './store-suite.ts';
import { testTable } from './table-suite.ts';

const make = async () => memoryTable();
testTable('memory', make);
testStores('memory', make);
