import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { type CfnElement, CfnOutput, RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { TABLE_SCHEMA } from '../shared/table-schema.ts';
import { mediaBucket } from './media-bucket.ts';
import type { NodeFunction } from './node-function.ts';

export type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';
export type BucketAction = 'GetObject' | 'PutObject' | 'DeleteObject';
export type IndexName = (typeof TABLE_SCHEMA.indexes)[number]['name'];

/** The one table, the bucket of uploaded files, and the key that encrypts each agency's data key. They outlive the stack. */
export class Storage extends Construct {
  readonly table: Table;
  readonly key: Key;
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: TABLE_SCHEMA.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE_SCHEMA.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: TABLE_SCHEMA.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      // Encrypted at rest with the key that DynamoDB owns, for nothing: what is secret is sealed before it gets here.
    });
    for (const index of TABLE_SCHEMA.indexes) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
        sortKey: { name: index.sortKey, type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
    this.key = new Key(this, 'Key', {
      description: "Encrypts the agencies' data keys of Sendeplan",
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket = mediaBucket(this, 'Media');
    new CfnOutput(this, 'TableName', { value: this.table.tableName }).overrideLogicalId('TableName');
    new CfnOutput(this, 'MediaBucketName', { value: this.bucket.bucketName }).overrideLogicalId(
      'MediaBucketName',
    );
    new CfnOutput(this, 'KeyId', { value: this.key.keyId }).overrideLogicalId('KeyId');
  }

  /** Gives the table with just these item actions, and `Query` on just these indexes. */
  bindTable(to: NodeFunction, actions: readonly TableAction[], indexes: readonly IndexName[] = []): void {
    to.set({ TABLE_NAME: this.table.tableName });
    to.allow({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [this.table.tableArn],
    });
    if (indexes.length === 0) return;
    to.allow({
      actions: ['dynamodb:Query'],
      resources: indexes.map((index) => `${this.table.tableArn}/index/${index}`),
    });
  }

  /** Lets it do just these with the uploaded files, and sign addresses that let others do them. */
  bindBucket(to: NodeFunction, actions: readonly BucketAction[]): void {
    to.set({ MEDIA_BUCKET: this.bucket.bucketName });
    to.allow({
      actions: actions.map((action) => `s3:${action}`),
      resources: [this.bucket.arnForObjects('*')],
    });
    Validations.of(to).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${this.bucket.stack.getLogicalId(this.bucket.node.defaultChild as CfnElement)}.Arn>/*]`,
      reason:
        'Files are named at run time after agencies, brands and media; the bucket holds nothing else than these.',
    });
  }

  /** Without this right S3 answers 403 for what is not there. */
  letTellAbsent(to: NodeFunction): void {
    to.allow({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
  }

  /** Lets it decrypt data keys, only with the agency named as context; making one is for who creates an agency. */
  bindKey(to: NodeFunction): void {
    to.set({ KEY_ID: this.key.keyId });
    to.allow({
      actions: ['kms:Decrypt'],
      resources: [this.key.keyArn],
      conditions: { Null: { [`kms:EncryptionContext:${KEY_CONTEXT}`]: 'false' } },
    });
  }
}

/** Name of the encryption context that the vault passes with every call. */
const KEY_CONTEXT = 'agency';
