/**
 * The one table: its keys and sparse indexes, as data for CDK, the laptop and the tests. All attributes are
 * strings; every index projects keys only, so a listing reads heads by `get` afterwards.
 */
export const TABLE_SCHEMA = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLive: 'ttl',
  indexes: [
    /** A brand's posts by due time: the head at its earliest instant, a pointer item for each further one. */
    { name: 'calendar', partitionKey: 'ck', sortKey: 'cs' },
    /** Heads that something must still happen to, by `wakeAt`; also every brand, for the hourly sweep. */
    { name: 'wake', partitionKey: 'wk', sortKey: 'ws' },
    /** Heads that a person must look at. */
    { name: 'attention', partitionKey: 'ak', sortKey: 'as' },
  ],
} as const;
