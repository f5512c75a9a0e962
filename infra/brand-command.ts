import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoScan } from '../shared/adapters/aws/scan.ts';
import { dynamoTable } from '../shared/adapters/aws/table.ts';
import { brandRecords } from '../shared/adapters/store/brand-records.ts';
import { idSchema } from '../shared/domain/ids.ts';
import type { BrandRecords } from '../shared/store-ports.ts';
import { WHEREABOUTS, type Whereabouts } from './place.ts';

/** What a command about one brand was given. */
export type BrandArguments = {
  readonly brandId: string;
  readonly where: Whereabouts;
  readonly out: string | undefined;
  readonly cancel: boolean;
};

/** @throws the usage, or what is wrong with the id */
export function readBrandArguments(usage: string, more: 'out' | 'cancel'): BrandArguments {
  const { values, positionals } = parsed(usage);
  const { brand, stage, region, out, cancel = false } = values;
  const isForeign = more === 'out' ? cancel : out !== undefined;
  if (brand === undefined || isForeign || positionals.length > 0) throw new Error(usage);
  const read = idSchema('brd').safeParse(brand);
  if (!read.success) throw new Error(`--brand: ${read.error.issues[0]?.message}`);
  return { brandId: brand, where: { stage, region }, out, cancel };
}

/** Of the place that was entered. */
export function recordsThere(): BrandRecords {
  const client = new DynamoDBClient({});
  const name = process.env.TABLE_NAME ?? '';
  return brandRecords(dynamoTable(client, name), dynamoScan(client, name));
}

function parsed(usage: string) {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        brand: { type: 'string' },
        ...WHEREABOUTS,
        out: { type: 'string' },
        cancel: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw new Error(usage, { cause });
  }
}
