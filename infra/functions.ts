/** Clients of AWS services that not every function has rights to. */
export type OptionalClient = '@aws-sdk/client-kms' | '@aws-sdk/client-scheduler' | '@aws-sdk/client-sesv2';

export type FunctionSource = {
  /** The file that exports its `handler`. */
  readonly entry: string;
  /** Left out of its bundle: it has no rights to use them, and a smaller bundle starts faster. */
  readonly without: readonly OptionalClient[];
  /** It talks to none: they are left out, too. */
  readonly withoutNetworks?: true;
};

/** The functions of the system. */
export const FUNCTIONS = {
  api: { entry: 'functions/api/index.ts', without: ['@aws-sdk/client-sesv2'] },
  publish: { entry: 'functions/publish.ts', without: ['@aws-sdk/client-sesv2'] },
  measure: {
    entry: 'functions/measure.ts',
    without: ['@aws-sdk/client-scheduler', '@aws-sdk/client-sesv2'],
  },
  rescue: { entry: 'functions/rescue.ts', without: ['@aws-sdk/client-kms', '@aws-sdk/client-sesv2'] },
  report: { entry: 'functions/report.ts', without: [] },
  media: {
    entry: 'functions/media.ts',
    without: ['@aws-sdk/client-kms', '@aws-sdk/client-scheduler', '@aws-sdk/client-sesv2'],
    withoutNetworks: true,
  },
} as const satisfies Record<string, FunctionSource>;
export type FunctionName = keyof typeof FUNCTIONS;
