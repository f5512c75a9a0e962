import { afterAll } from 'vitest';
import { dynamoTable } from '../../shared/adapters/aws/table.ts';
import { startDynalite } from '../support/dynalite.ts';
import { testStores } from './store-suite.ts';
import { testTable } from './table-suite.ts';

const engine = await startDynalite();
afterAll(() => engine.stop());

const make = async () => dynamoTable(engine.client, await engine.freshTable());
testTable('DynamoDB', make);
testStores('DynamoDB', make);
