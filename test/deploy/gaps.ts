/** Where the endpoint is not as AWS is, looked up in the version that `requirements.txt` pins, and what proves it instead. */
export type Gap = {
  readonly what: string;
  /** `corrected`: by this suite, so that the run itself proves it. Else a test, by its file and how its title begins. */
  readonly provenBy: 'corrected' | 'nothing yet' | { readonly file: string; readonly title: string };
};

export const GAPS: readonly Gap[] = [
  {
    what: 'CloudFormation drops the time to live and the point-in-time recovery of a table (both are set after the deploy)',
    provenBy: {
      file: 'test/infra/storage-suite.ts',
      title: 'the table can be restored to any second, cannot be deleted and outlives the stack',
    },
  },
  {
    what: 'alarms over an expression are refused, and no alarm reaches anybody',
    provenBy: {
      file: 'test/infra/observability-suite.ts',
      title: 'every alarm says what to look at and goes to the one topic',
    },
  },
  {
    what: 'Scheduler ignores time zones',
    provenBy: {
      file: 'test/contract/scheduler.test.ts',
      title: 'arms a brand’s weekly report in its zone, and moves it when it is armed again',
    },
  },
  {
    what: 'Scheduler ignores retries and the dead-letter queue of a schedule',
    provenBy: {
      file: 'test/infra/queues-suite.ts',
      title: 'the sweep starts every hour by a message that measure understands, and does not get lost',
    },
  },
  { what: 'Scheduler looks at its schedules every 10 s only', provenBy: 'corrected' },
  { what: 'IAM takes every schedule for one of the default group', provenBy: 'corrected' },
  { what: 'IAM knows neither the encryption context of KMS nor the sender of a mail', provenBy: 'corrected' },
  {
    what: 'there is no TLS; policies that ask for it are told that there is',
    provenBy: {
      file: 'test/infra/queues-suite.ts',
      title: 'every queue is encrypted and refuses calls without TLS',
    },
  },
  {
    what: 'the API has no limit on requests, and no timeout of its own',
    provenBy: {
      file: 'test/infra/api-suite.ts',
      title: 'the stage has a limit on requests, and a log without paths and addresses',
    },
  },
  {
    what: 'functions run on the processor of this machine',
    provenBy: { file: 'test/infra/functions-suite.ts', title: 'runs on Node 24 and arm64' },
  },
  {
    what: 'functions that feed their own queue are never stopped as a loop',
    provenBy: {
      file: 'test/infra/functions-suite.ts',
      title: 'Lambda lets just those run in a loop that put messages back into their own queue',
    },
  },
  { what: 'functions have all the memory and all the CPU of this machine', provenBy: 'nothing yet' },
  {
    what: 'indexes are never behind their table',
    provenBy: { file: 'test/simulation/simulate.test.ts', title: 'keeps every promise in' },
  },
];

/** One line for each, for whoever reads what the run said. */
export const gapLines = (): string[] =>
  GAPS.map(({ what, provenBy }) => {
    const proof = typeof provenBy === 'string' ? provenBy : `proven by ${provenBy.file}`;
    return `  ${what}: ${proof}`;
  });
