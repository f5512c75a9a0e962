/** What a look before the deploy has found. `stop` keeps it from happening. */
export type Finding = {
  readonly level: 'ok' | 'warn' | 'stop';
  readonly about: string;
  /** What is so, and for anything but `ok` what to do. */
  readonly text: string;
};

export const ok = (about: string, text: string): Finding => ({ level: 'ok', about, text });
export const warn = (about: string, text: string): Finding => ({ level: 'warn', about, text });
export const stop = (about: string, text: string): Finding => ({ level: 'stop', about, text });

/** Who may not look, or cannot just now, is told so, and deploys all the same. */
export async function looked(
  about: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [warn(about, `could not be looked at: ${error instanceof Error ? error.message : String(error)}`)];
  }
}

export function findingLine({ level, about, text }: Finding): string {
  return `  ${level.padEnd(5)} ${about.padEnd(13)} ${text}`;
}
