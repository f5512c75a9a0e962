import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';

/** What may be chosen for a stage: in `sendeplan.config.json`, as a flag of `npm run deploy`, or for CDK with `-c`. */
export type StageSettings = z.infer<typeof fields>;
export type StageField = keyof StageSettings;

/** Where values come from, and what a person would call one of them there. */
export type Source = {
  readonly values: Readonly<Record<string, unknown>>;
  readonly label: (field: string) => string;
};

/** One field per setting. Absent values are asked of the next source; an address may also stand in the stack already. */
const fields = z.strictObject({
  /** Part of the stack's name, so several stages live in one account. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 of a-z, 0-9 and -, and begin with a letter')
    // Schedule groups and alarms are named after the stage: those of `x-system` and `x-very` could be stage x's.
    .regex(/(?<!-(system|very))$/, 'must not end with -system or -very')
    .default('dev'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region, such as eu-central-1')
    .default('eu-central-1'),
  mailFrom: z.email('must be one plain e-mail address, such as reports@agency.example').optional(),
  alarmEmail: z.email('must be one plain e-mail address').optional(),
  /** Name of the first agency. */
  agency: z.string().trim().min(1, 'must not be empty').max(100, 'must be at most 100 characters').optional(),
  logRetentionDays: z.coerce
    .number()
    .refine((days) => RETENTION_DAYS.includes(days), {
      error: () => `must be one of ${RETENTION_DAYS.join(', ')} (9999: for ever)`,
    })
    .default(30),
  /** What the functions run on. */
  architecture: z.enum(['arm64', 'x86_64'], 'must be arm64 or x86_64').default('arm64'),
  /** The API's own name; needs a certificate for it in the same region. */
  domainName: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'must be a host name, such as api.agency.example')
    .optional(),
  certificateArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
      'must be the ARN of an ACM certificate',
    )
    .optional(),
});
export const STAGE_FIELDS = Object.keys(fields.shape) as readonly StageField[];

/** CloudWatch Logs keeps logs only for these numbers of days. */
export const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  9999,
];

/** The settings that the sources give together, the first going before the next. Throws with every wrong field named. */
export function stageSettings(sources: readonly Source[]): StageSettings {
  const given = sources.map(({ values, label }) => ({
    label,
    values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
  }));
  const together = Object.assign({}, ...given.map(({ values }) => values).reverse());
  const whole = fields.superRefine((settings, context) => {
    const { domainName, certificateArn, region } = settings;
    const wrong = (path: StageField, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (domainName && !certificateArn) wrong('certificateArn', 'must be there when domainName is');
    if (certificateArn && !domainName) wrong('domainName', 'must be there when certificateArn is');
    if (certificateArn && certificateArn.split(':')[3] !== region) {
      wrong('certificateArn', `must be in the stage's region, ${region}`);
    }
  });
  const read = whole.safeParse(together);
  if (read.success) return read.data;
  const nameOf = (field: string): string =>
    (given.find(({ values }) => Object.hasOwn(values, field)) ?? given[0])?.label(field) ?? field;
  const lines = read.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${nameOf(key)}: no such setting; there are ${STAGE_FIELDS.join(', ')}`)
      : [`${nameOf(String(issue.path[0]))}: ${issue.message}`],
  );
  throw new Error(lines.join('\n'));
}

/**
 * What the file says of a stage: `{"prod": {"region": "eu-central-1", "mailFrom": "…"}}`, nothing when there is no
 * file or no such stage in it.
 */
export function fileSource(path: string, stage: string): Source {
  const label = (field: string) => `${CONFIG_FILE}: ${stage}.${field}`;
  if (!existsSync(path)) return { values: {}, label };
  const read = fileSchema.safeParse(json(path));
  if (!read.success) {
    throw new Error(`${CONFIG_FILE}: must be an object with an object of settings for each stage`);
  }
  const values = Object.hasOwn(read.data, stage) ? read.data[stage] : undefined;
  if (values && 'stage' in values) throw new Error(`${label('stage')}: the stage is named by its key`);
  return { values: values ?? {}, label };
}

/** What `-c name=value` says, as the CDK's command line hands it to the app. */
export function contextSource(context: (name: string) => unknown): Source {
  return {
    values: Object.fromEntries(STAGE_FIELDS.map((field) => [field, context(field)])),
    label: (field) => `-c ${field}`,
  };
}

export const CONFIG_FILE = 'sendeplan.config.json';

const fileSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

function json(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${CONFIG_FILE}: is not JSON: ${(cause as Error).message}`, { cause });
  }
}
