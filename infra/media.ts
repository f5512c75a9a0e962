import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type FunctionSetting, NodeFunction } from './node-function.ts';
import type { Storage } from './storage.ts';

export type MediaProps = { readonly setting: FunctionSetting; readonly storage: Storage };

/** Looks at uploaded files: a function of its own, so that no other carries the libraries for images and videos. */
export class Media extends Construct {
  readonly inspect: NodeFunction;

  constructor(scope: Construct, id: string, { setting, storage }: MediaProps) {
    super(scope, id);
    this.inspect = new NodeFunction(this, 'Inspect', {
      setting,
      name: 'media',
      description: 'Looks at uploaded files and makes smaller images of them',
      // An image of 64 MB and its 100 million pixels; and CPU comes with memory.
      memoryMb: 1_536,
      // API Gateway gives up after 30 s.
      timeout: Duration.seconds(29),
    });
    storage.bindTable(this.inspect, ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem']);
    storage.bindBucket(this.inspect, ['GetObject', 'PutObject', 'DeleteObject']);
    storage.letTellAbsent(this.inspect);
  }
}
