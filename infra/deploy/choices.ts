import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  CONFIG_FILE,
  fileSource,
  STAGE_FIELDS,
  type StageField,
  type StageSettings,
  stageSettings,
} from '../stage-settings.ts';

/** What a person chose at the command line, in the file of settings, or by their environment. */
export type Choices = {
  readonly settings: StageSettings;
  /** Flags without a setting behind them, such as `--anyway`. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  /** What follows `--`: for the CDK's command line. */
  readonly rest: readonly string[];
};
export type OwnFlags = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;

export const ROOT = resolve(import.meta.dirname, '../..');

/**
 * A flag goes before the file, the file before the environment. Every setting is a flag, `mailFrom` as `--mail-from`.
 * @throws with every wrong field named as the person wrote it
 */
export function readChoices(
  args: readonly string[],
  own: OwnFlags,
  { environment = process.env, configFile = join(ROOT, CONFIG_FILE) } = {},
): Choices {
  const cut = args.indexOf('--');
  const [mine, rest] = cut < 0 ? [args, []] : [args.slice(0, cut), args.slice(cut + 1)];
  const named = Object.fromEntries(STAGE_FIELDS.map((field) => [flagOf(field), { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...mine], options: { ...named, ...own }, strict: true });
  const stage = values.stage;
  if (typeof stage !== 'string') throw new Error('--stage NAME is missing');
  const flags = {
    values: Object.fromEntries(STAGE_FIELDS.map((field) => [field, values[flagOf(field)]])),
    label: (field: string) => `--${flagOf(field as StageField)}`,
  };
  const around = {
    values: { region: environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION },
    label: () => 'AWS_REGION',
  };
  return {
    settings: stageSettings([flags, fileSource(configFile, stage), around]),
    flags: Object.fromEntries(Object.keys(own).map((name) => [name, values[name]])),
    rest,
  };
}

const flagOf = (field: StageField): string => field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
